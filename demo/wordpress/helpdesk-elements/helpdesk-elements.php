<?php
/**
 * Plugin Name:       Help Desk Elements
 * Description:       A help desk inside your pages, over the ticket system you have: a block, a shortcode, a button in the corner. People who are signed in see their own tickets.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       helpdesk-elements
 *
 * @package helpdesk-elements
 */

defined('ABSPATH') || exit;

require_once __DIR__ . '/token.php';
require_once __DIR__ . '/settings.php';

const HELPDESK_ELEMENTS_TAGS = ['help-desk', 'ticket-list', 'ticket-thread', 'ticket-form'];
const HELPDESK_ELEMENTS_PLACEMENTS = ['bottom-end', 'bottom-start', 'top-end', 'top-start'];
const HELPDESK_ELEMENTS_BACKENDS = ['relay', 'osticket', 'osticket-http', 'support-ticket', 'jaze'];
/** What an author may set; where things go to is the administrator's business alone. */
const HELPDESK_ELEMENTS_ATTRIBUTES = ['topic', 'subject', 'message', 'status', 'page-size', 'view', 'label', 'lang'];

/** Who is signed in, as the token says; null where nobody is, or where addresses are not proved here. */
function helpdesk_elements_person(): ?array
{
    $user = wp_get_current_user();
    if (!$user->exists() || !helpdesk_elements_setting('proved')) {
        return null;
    }
    $person = ['id' => 'wp-' . $user->ID, 'email' => $user->user_email, 'name' => $user->display_name];

    /**
     * Says more of a person (`userId`, the ticket system's own id), or less; null for nobody.
     *
     * @param array|null $person
     * @param WP_User    $user
     */
    return apply_filters('helpdesk_elements_person', $person, $user);
}

/** Where the page asks for a token: only for people who are signed in, with WordPress's proof that the page is ours. */
function helpdesk_elements_token_url(): string
{
    if (!helpdesk_elements_person() || strlen(helpdesk_elements_secret()) < 32) {
        return '';
    }

    return add_query_arg('_wpnonce', wp_create_nonce('wp_rest'), rest_url('helpdesk-elements/v1/token'));
}

/** The attributes that connect an element, from the settings; null where it must not be shown. */
function helpdesk_elements_connection(): ?array
{
    $url = helpdesk_elements_setting('url');
    $backend = helpdesk_elements_setting('backend');
    if ($url === '') {
        return null;
    }
    if ($backend === 'relay') {
        return ['url' => $url, 'token-url' => helpdesk_elements_token_url()];
    }
    // Without the relay the key of the ticket system stands in the page: for staff only.
    if (!current_user_can('edit_others_posts')) {
        return null;
    }
    $user = wp_get_current_user();

    return [
        'backend' => $backend,
        'url' => $url,
        'email' => $user->user_email,
        'display-name' => $user->display_name,
        'options' => helpdesk_elements_setting('options'),
    ];
}

/** A tag with these attributes. Empty values are left out; true is an attribute without one. */
function helpdesk_elements_tag(string $tag, array $attributes, string $inner = ''): string
{
    $html = '<' . $tag;
    foreach ($attributes as $name => $value) {
        if ($value === true) {
            $html .= ' ' . $name;
        } elseif ((string) $value !== '') {
            $html .= ' ' . $name . '="' . esc_attr((string) $value) . '"';
        }
    }

    return $html . '>' . $inner . '</' . $tag . '>';
}

/** `[help_desk]`, `[help_desk element="ticket-form" topic="2"]`, `[help_desk launcher="yes"]`; the block does the same. */
function helpdesk_elements_render($given): string
{
    static $connected = false;
    $given = (array) $given;
    $connection = helpdesk_elements_connection();
    if ($connection === null) {
        return current_user_can('manage_options')
            ? '<p>' . esc_html__('The help desk is not shown: see Settings, Help desk.', 'helpdesk-elements') . '</p>'
            : '';
    }
    wp_enqueue_script('helpdesk-elements');

    $tag = in_array($given['element'] ?? '', HELPDESK_ELEMENTS_TAGS, true) ? $given['element'] : 'help-desk';
    $attributes = [];
    foreach (HELPDESK_ELEMENTS_ATTRIBUTES as $name) {
        // In shortcodes people write underscores as well.
        $value = $given[$name] ?? $given[str_replace('-', '_', $name)] ?? '';
        if (is_scalar($value)) {
            $attributes[$name] = (string) $value;
        }
    }
    if ($tag === 'help-desk') {
        if (in_array($given['launcher'] ?? '', ['yes', 'true', '1', true], true)) {
            $attributes += ['launcher' => true];
        }
        if (in_array($given['placement'] ?? '', HELPDESK_ELEMENTS_PLACEMENTS, true)) {
            $attributes['placement'] = $given['placement'];
        }

        return helpdesk_elements_tag($tag, $attributes + $connection);
    }
    // An element alone needs a desk: once in the page, before or after it.
    $html = helpdesk_elements_tag($tag, $attributes + ['desk' => 'wordpress']);
    if (!$connected) {
        $connected = true;
        $html .= helpdesk_elements_tag('help-desk', ['name' => 'wordpress'] + $connection, '<span hidden></span>');
    }

    return $html;
}

/** Answers the token of whoever is signed in. WordPress has checked the nonce: without one nobody is signed in here. */
function helpdesk_elements_rest_token(): WP_REST_Response
{
    $person = helpdesk_elements_person();
    $secret = helpdesk_elements_secret();
    $known = $person && strlen($secret) >= 32;
    $body = $known
        ? [
            'token' => helpdesk_elements_token($person, $secret, helpdesk_elements_setting('audience')),
            // A page may not say who gets it.
            'relay' => helpdesk_elements_setting('url'),
        ]
        : [];
    $response = new WP_REST_Response((object) $body, $known ? 200 : 401);
    $response->header('Cache-Control', 'no-store');
    // Some versions of WordPress write theirs over it.
    add_filter('nocache_headers', fn (array $headers): array => ['Cache-Control' => 'no-store'] + $headers);

    return $response;
}

add_action('rest_api_init', function (): void {
    register_rest_route('helpdesk-elements/v1', '/token', [
        'methods' => 'GET',
        'callback' => 'helpdesk_elements_rest_token',
        'permission_callback' => fn (): bool => is_user_logged_in() && current_user_can('read'),
    ]);
});

add_action('init', function (): void {
    $script = helpdesk_elements_setting('script') ?: plugins_url('cdn/help-desk.js', __FILE__);
    // No version in the address: the script finds its other files beside itself.
    wp_register_script('helpdesk-elements', $script, [], null, false);
    add_shortcode('help_desk', 'helpdesk_elements_render');
    register_block_type(__DIR__, ['render_callback' => 'helpdesk_elements_render']);
});

add_filter('script_loader_tag', function (string $html, string $handle): string {
    return $handle === 'helpdesk-elements' && strpos($html, ' async') === false
        ? str_replace('<script ', '<script async ', $html)
        : $html;
}, 10, 2);

// The button in the corner, on every page, where the administrator wants it.
add_action('wp_footer', function (): void {
    if (!helpdesk_elements_setting('everywhere')) {
        return;
    }
    $attributes = [
        'launcher' => 'yes',
        'placement' => helpdesk_elements_setting('placement'),
        'label' => helpdesk_elements_setting('label'),
    ];
    // Escaped where it is made.
    echo helpdesk_elements_render($attributes); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped
}, 5);
