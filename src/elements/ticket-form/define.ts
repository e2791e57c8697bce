import { register } from '../shared/register.js';
import { TicketForm } from './ticket-form.js';

register('ticket-form', TicketForm);
