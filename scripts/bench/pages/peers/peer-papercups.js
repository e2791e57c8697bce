import * as widget from '@papercups-io/chat-widget';
import { createElement } from 'react';
import { render } from 'react-dom';

render(
  createElement(widget.ChatWidget ?? widget.default, { token: 'token', inbox: 'inbox', baseUrl: location.origin }),
  document.body.appendChild(document.createElement('div')),
);
