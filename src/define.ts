/**
 * Registers every element under its own name: all of them are in the bundle. Who shows the whole widget only imports
 * `elements/help-desk/define`, which loads each part when it is shown.
 */
import { define } from './elements/registration.js';

define();

export { define };
