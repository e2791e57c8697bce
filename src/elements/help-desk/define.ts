/** Registers the desk. What it shows is loaded when it is shown; pages that use other elements by tag define those. */
import { defineBackends } from '../../backends/all.js';
import { register } from '../shared/register.js';
import { HelpDesk } from './help-desk.js';

register('help-desk', HelpDesk);
defineBackends();
