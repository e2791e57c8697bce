import Typebot from '@typebot.io/js/web';

Typebot.initBubble({ typebot: 'help', apiHost: location.origin });
