import { register } from '../shared/register.js';
import { TopicPicker } from './topic-picker.js';

register('topic-picker', TopicPicker);
