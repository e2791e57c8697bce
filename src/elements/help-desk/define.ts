import { defineBackends } from '../../backends/all.js';
import '../ticket-form/define.js';
import '../ticket-list/define.js';
import '../ticket-thread/define.js';
import { register } from '../shared/register.js';
import { HelpDesk } from './help-desk.js';

register('help-desk', HelpDesk);
defineBackends();
