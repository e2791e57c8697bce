import 'helpdesk-elements/define';
