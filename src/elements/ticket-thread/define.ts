import { register } from '../shared/register.js';
import { TicketThread } from './ticket-thread.js';

register('ticket-thread', TicketThread);
