import { register } from '../shared/register.js';
import { TicketList } from './ticket-list.js';

register('ticket-list', TicketList);
