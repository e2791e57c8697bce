<?php
/**
 * The settings and their page. The secret belongs into wp-config.php:
 * define('HELPDESK_ELEMENTS_SECRET', '…');
 *
 * @package helpdesk-elements
 */

defined('ABSPATH') || exit;

const HELPDESK_ELEMENTS_OPTION = 'helpdesk_elements';
const HELPDESK_ELEMENTS_DEFAULTS = [
    'url' => '',
    'backend' => 'relay',
    'options' => '',
    'audience' => '',
    'secret' => '',
    'proved' => false,
    'everywhere' => false,
    'placement' => 'bottom-end',
    'label' => '',
    'script' => '',
];

/** One setting, as it is stored or by default. */
function helpdesk_elements_setting(string $name)
{
    $stored = get_option(HELPDESK_ELEMENTS_OPTION);

    return is_array($stored) && isset($stored[$name]) ? $stored[$name] : HELPDESK_ELEMENTS_DEFAULTS[$name];
}

/** The secret: of wp-config.php, else as stored. */
function helpdesk_elements_secret(): string
{
    return defined('HELPDESK_ELEMENTS_SECRET')
        ? (string) HELPDESK_ELEMENTS_SECRET
        : (string) helpdesk_elements_setting('secret');
}

/** What an administrator has sent, as it may be stored. What is wrong is told, and stays as it was. */
function helpdesk_elements_sanitize($given): array
{
    $given = is_array($given) ? $given : [];
    $text = fn (string $name): string => is_string($given[$name] ?? null) ? trim($given[$name]) : '';
    $one = fn (string $name, array $known): string => in_array($text($name), $known, true) ? $text($name) : $known[0];
    $wrong = fn (string $code, string $words) => add_settings_error(HELPDESK_ELEMENTS_OPTION, $code, $words);
    // WordPress calls this twice when it stores for the first time: what came out must go in.
    $yes = fn (string $name): bool => in_array($given[$name] ?? '', ['1', true], true);
    $stored = fn (string $name): string => (string) helpdesk_elements_setting($name);
    $address = function (string $name) use ($text, $wrong, $stored): string {
        $url = esc_url_raw($text($name), ['https', 'http']);
        // A path of this site, or a whole address.
        if ($text($name) === '' || preg_match('#^(https?://|/(?!/))#i', $url)) {
            return $url;
        }
        $wrong($name, __('An address begins with https:// or with a slash.', 'helpdesk-elements'));

        return $stored($name);
    };

    $options = $text('options');
    if ($options !== '' && !is_array(json_decode($options, true))) {
        $wrong('options', __('The options are not JSON.', 'helpdesk-elements'));
        $options = $stored('options');
    }
    // Not sanitised as text: nothing of a secret may change. An empty field leaves it.
    $secret = $text('secret') === '' ? $stored('secret') : $text('secret');
    if ($secret !== '' && strlen($secret) < 32) {
        $wrong('secret', __('The secret must have at least 32 characters.', 'helpdesk-elements'));
        $secret = $stored('secret');
    }

    return [
        'url' => $address('url'),
        'backend' => $one('backend', HELPDESK_ELEMENTS_BACKENDS),
        'options' => $options,
        'audience' => sanitize_text_field($text('audience')),
        'secret' => defined('HELPDESK_ELEMENTS_SECRET') ? '' : $secret,
        'proved' => $yes('proved'),
        'everywhere' => $yes('everywhere'),
        'placement' => $one('placement', HELPDESK_ELEMENTS_PLACEMENTS),
        'label' => sanitize_text_field($text('label')),
        'script' => $address('script'),
    ];
}

/** A row of the table: label, field, hint. Everything is escaped here but the field, which is made here too. */
function helpdesk_elements_row(string $name, string $label, string $field, string $hint = ''): void
{
    printf(
        '<tr><th scope="row"><label for="helpdesk-%1$s">%2$s</label></th><td>%3$s%4$s</td></tr>',
        esc_attr($name),
        esc_html($label),
        $field, // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped
        $hint === '' ? '' : '<p class="description" id="helpdesk-' . esc_attr($name) . '-hint">' . esc_html($hint) . '</p>'
    );
}

function helpdesk_elements_input(string $name, string $type, string $value, array $more = []): string
{
    return sprintf(
        '<input id="helpdesk-%1$s" name="%2$s[%1$s]" type="%3$s" value="%4$s"%5$s%6$s>',
        esc_attr($name),
        esc_attr(HELPDESK_ELEMENTS_OPTION),
        esc_attr($type),
        esc_attr($value),
        $type === 'checkbox' ? '' : ' class="regular-text" autocomplete="off"',
        implode('', array_map(
            fn ($key, $text) => $text === false ? '' : ' ' . esc_attr($key) . '="' . esc_attr($text) . '"',
            array_keys($more),
            $more
        ))
    );
}

function helpdesk_elements_select(string $name, array $values): string
{
    $now = helpdesk_elements_setting($name);
    $options = array_map(fn ($value) => sprintf(
        '<option value="%1$s"%2$s>%1$s</option>',
        esc_attr($value),
        selected($now, $value, false)
    ), $values);

    return sprintf(
        '<select id="helpdesk-%1$s" name="%2$s[%1$s]">%3$s</select>',
        esc_attr($name),
        esc_attr(HELPDESK_ELEMENTS_OPTION),
        implode('', $options)
    );
}

function helpdesk_elements_page(): void
{
    if (!current_user_can('manage_options')) {
        return;
    }
    $setting = 'helpdesk_elements_setting';
    $fixed = defined('HELPDESK_ELEMENTS_SECRET');
    echo '<div class="wrap"><h1>' . esc_html__('Help desk', 'helpdesk-elements') . '</h1>';
    echo '<form method="post" action="' . esc_url(admin_url('options.php')) . '">';
    settings_fields(HELPDESK_ELEMENTS_OPTION);
    echo '<table class="form-table" role="presentation">';
    helpdesk_elements_row(
        'url',
        __('Address of the relay', 'helpdesk-elements'),
        helpdesk_elements_input('url', 'text', (string) $setting('url'), ['placeholder' => 'https://help.example.com']),
        __('Or of the ticket system itself, on a site for staff.', 'helpdesk-elements')
    );
    helpdesk_elements_row(
        'backend',
        __('Back end', 'helpdesk-elements'),
        helpdesk_elements_select('backend', HELPDESK_ELEMENTS_BACKENDS),
        __('Any other than the relay puts its key into the page: it is then shown to editors and administrators only.', 'helpdesk-elements')
    );
    helpdesk_elements_row(
        'options',
        __('Options of the back end', 'helpdesk-elements'),
        helpdesk_elements_input('options', 'text', (string) $setting('options'), ['placeholder' => '{"apiKey": "…"}']),
        __('JSON. Not needed with the relay.', 'helpdesk-elements')
    );
    helpdesk_elements_row(
        'audience',
        __('Audience', 'helpdesk-elements'),
        helpdesk_elements_input('audience', 'text', (string) $setting('audience'), ['placeholder' => 'help.example.com']),
        __('HELPDESK_AUDIENCE of the relay.', 'helpdesk-elements')
    );
    helpdesk_elements_row(
        'secret',
        __('Secret', 'helpdesk-elements'),
        // What is stored never comes back into a page.
        helpdesk_elements_input('secret', 'password', '', ['autocomplete' => 'new-password', 'disabled' => $fixed ? 'disabled' : false]),
        $fixed
            ? __('Set in wp-config.php.', 'helpdesk-elements')
            : ($setting('secret') === ''
                ? __('HELPDESK_JWT_SECRET of the relay. Better in wp-config.php: HELPDESK_ELEMENTS_SECRET.', 'helpdesk-elements')
                : __('One is stored; leave this empty to keep it. Better in wp-config.php: HELPDESK_ELEMENTS_SECRET.', 'helpdesk-elements'))
    );
    helpdesk_elements_row(
        'proved',
        __('Addresses are proved', 'helpdesk-elements'),
        helpdesk_elements_input('proved', 'checkbox', '1', ['checked' => $setting('proved') ? 'checked' : false]),
        __('Everybody who signs in here has proved their email address, by a link that was mailed to it. Whoever has an address reads its tickets: without this nobody gets a token.', 'helpdesk-elements')
    );
    helpdesk_elements_row(
        'everywhere',
        __('Button on every page', 'helpdesk-elements'),
        helpdesk_elements_input('everywhere', 'checkbox', '1', ['checked' => $setting('everywhere') ? 'checked' : false])
    );
    helpdesk_elements_row(
        'placement',
        __('Its corner', 'helpdesk-elements'),
        helpdesk_elements_select('placement', HELPDESK_ELEMENTS_PLACEMENTS)
    );
    helpdesk_elements_row(
        'label',
        __('Its words', 'helpdesk-elements'),
        helpdesk_elements_input('label', 'text', (string) $setting('label'), ['placeholder' => __('Help', 'helpdesk-elements')])
    );
    helpdesk_elements_row(
        'script',
        __('Address of the script', 'helpdesk-elements'),
        helpdesk_elements_input('script', 'text', (string) $setting('script')),
        __('Empty for the files that come with this plugin.', 'helpdesk-elements')
    );
    echo '</table>';
    submit_button();
    echo '</form></div>';
}

add_action('admin_menu', function (): void {
    add_options_page(
        __('Help desk', 'helpdesk-elements'),
        __('Help desk', 'helpdesk-elements'),
        'manage_options',
        'helpdesk-elements',
        'helpdesk_elements_page'
    );
});

add_action('admin_init', function (): void {
    register_setting(HELPDESK_ELEMENTS_OPTION, HELPDESK_ELEMENTS_OPTION, [
        'type' => 'array',
        'sanitize_callback' => 'helpdesk_elements_sanitize',
        'default' => HELPDESK_ELEMENTS_DEFAULTS,
        // Not by the REST API: there it would hold the secret.
        'show_in_rest' => false,
    ]);
});
