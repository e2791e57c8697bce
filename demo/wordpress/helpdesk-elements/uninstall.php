<?php
/**
 * Removed from WordPress: so are the settings, with the secret.
 *
 * @package helpdesk-elements
 */

defined('WP_UNINSTALL_PLUGIN') || exit;

if (is_multisite()) {
    foreach (get_sites(['fields' => 'ids', 'number' => 0]) as $helpdesk_elements_site) {
        delete_blog_option($helpdesk_elements_site, 'helpdesk_elements');
    }
} else {
    delete_option('helpdesk_elements');
}
