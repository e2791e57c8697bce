/** Registers every element under its own name. */
import { define } from './elements/registration.js';

define();

export { define };
