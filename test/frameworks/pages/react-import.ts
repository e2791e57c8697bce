import 'helpdesk-elements/react';
