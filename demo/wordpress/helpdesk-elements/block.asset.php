<?php
/**
 * What block.js needs. WordPress reads it with block.json.
 *
 * @package helpdesk-elements
 */

defined('ABSPATH') || exit;

return [
    'dependencies' => ['wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element', 'wp-i18n'],
    'version' => '0.1.0',
];
