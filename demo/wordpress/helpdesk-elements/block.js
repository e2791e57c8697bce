// The block in the editor: what it will be, and its settings. The page itself is written by PHP. No build step.
(({ blocks, blockEditor, components, element, i18n }) => {
  const { createElement: h } = element;
  const { __ } = i18n;
  const words = {
    'help-desk': __('The whole help desk', 'helpdesk-elements'),
    'ticket-form': __('A form to write', 'helpdesk-elements'),
    'ticket-list': __('The list of tickets', 'helpdesk-elements'),
    'ticket-thread': __('The conversation', 'helpdesk-elements'),
  };

  blocks.registerBlockType('helpdesk-elements/help-desk', {
    edit({ attributes, setAttributes }) {
      const text = (name, label) =>
        h(components.TextControl, {
          label,
          value: attributes[name],
          onChange: (value) => setAttributes({ [name]: value }),
        });
      return h(
        'div',
        blockEditor.useBlockProps(),
        h(
          blockEditor.InspectorControls,
          null,
          h(
            components.PanelBody,
            { title: __('Help desk', 'helpdesk-elements') },
            h(components.SelectControl, {
              label: __('What is shown', 'helpdesk-elements'),
              value: attributes.element,
              options: Object.entries(words).map(([value, label]) => ({ value, label })),
              onChange: (value) => setAttributes({ element: value }),
            }),
            attributes.element === 'ticket-form' && text('topic', __('Topic (its number)', 'helpdesk-elements')),
            attributes.element === 'ticket-form' && text('subject', __('Subject', 'helpdesk-elements')),
          ),
        ),
        h(
          components.Placeholder,
          { icon: 'format-chat', label: __('Help desk', 'helpdesk-elements') },
          words[attributes.element] || words['help-desk'],
        ),
      );
    },
    save: () => null,
  });
})(window.wp);
