<?php
/**
 * The plugin without WordPress: of each function that it calls as much as is needed to see what it does. Reads what is to be
 * so, and what is to be called, as JSON; answers what came of it. Run by wordpress.node.ts.
 */

define('ABSPATH', '/');
$in = json_decode(stream_get_contents(STDIN), true);
if (isset($in['constant'])) {
    define('HELPDESK_ELEMENTS_SECRET', $in['constant']);
}
$seen = ['hooks' => [], 'routes' => [], 'scripts' => [], 'errors' => [], 'headers' => []];

class WP_User
{
    public $ID;
    public $user_email;
    public $display_name;

    public function __construct(array $of)
    {
        [$this->ID, $this->user_email, $this->display_name] = [$of['id'] ?? 0, $of['email'] ?? '', $of['name'] ?? ''];
    }

    public function exists(): bool
    {
        return $this->ID > 0;
    }
}

class WP_REST_Response
{
    public $data;
    public $status;

    public function __construct($data, int $status)
    {
        [$this->data, $this->status] = [$data, $status];
    }

    public function header(string $name, string $value): void
    {
        $GLOBALS['seen']['headers'][$name] = $value;
    }
}

function __($words) { return $words; }
function esc_html__($words) { return esc_html($words); }
function esc_html($words) { return htmlspecialchars($words, ENT_QUOTES); }
function esc_attr($words) { return htmlspecialchars($words, ENT_QUOTES); }
function esc_url($url) { return esc_attr($url); }
function esc_url_raw($url) { return preg_match('#^(javascript|data):#i', $url) ? '' : $url; }
function sanitize_text_field($words) { return trim(strip_tags($words)); }
function get_option($name) { return $name === 'helpdesk_elements' ? ($GLOBALS['in']['settings'] ?? false) : false; }
function wp_get_current_user() { return new WP_User($GLOBALS['in']['user'] ?? []); }
function is_user_logged_in() { return wp_get_current_user()->exists(); }
function current_user_can($what) { return in_array($what, $GLOBALS['in']['can'] ?? [], true); }
function apply_filters($name, $value) { return $name === 'helpdesk_elements_person' && isset($GLOBALS['in']['person']) ? ($GLOBALS['in']['person'] ?: null) : $value; }
function wp_create_nonce($of) { return "nonce-$of"; }
function rest_url($path) { return "https://www.example.com/wp-json/$path"; }
function add_query_arg($name, $value, $url) { return "$url?$name=$value"; }
function plugins_url($path) { return "https://www.example.com/wp-content/plugins/helpdesk-elements/$path"; }
function admin_url($path) { return "https://www.example.com/wp-admin/$path"; }
function settings_fields() { echo '<input type="hidden" name="_wpnonce">'; }
function submit_button() { echo '<button>Save</button>'; }
function selected($one, $other) { return $one === $other ? ' selected' : ''; }
function add_settings_error($setting, $code) { $GLOBALS['seen']['errors'][] = $code; }
function add_action($hook, $do) { $GLOBALS['seen']['hooks'][$hook][] = $do; }
function add_filter($hook, $do) { $GLOBALS['seen']['hooks'][$hook][] = $do; }
function add_shortcode($name, $do) { $GLOBALS['seen']['shortcodes'][$name] = $do; }
function register_block_type($folder, $more) { $GLOBALS['seen']['block'] = [basename($folder), $more['render_callback']]; }
function register_rest_route($space, $path, $route) { $GLOBALS['seen']['routes']["$space$path"] = $route; }
function register_setting($group, $name, $more) { $GLOBALS['seen']['setting'] = $more; }
function add_options_page($title, $menu, $capability) { $GLOBALS['seen']['page'] = $capability; }
function wp_register_script($name, $url) { $GLOBALS['seen']['scripts'][$name] = [$url, false]; }
function wp_enqueue_script($name) { $GLOBALS['seen']['scripts'][$name][1] = true; }

require __DIR__ . '/../../demo/wordpress/helpdesk-elements/helpdesk-elements.php';

$run = function (string $hook) use (&$seen): void {
    foreach ($seen['hooks'][$hook] as $do) {
        $do();
    }
};
foreach (['init', 'rest_api_init', 'admin_init', 'admin_menu'] as $hook) {
    $run($hook);
}
ob_start();
$answer = null;
foreach ($in['calls'] as [$name, $argument]) {
    if ($name === 'footer') {
        $run('wp_footer');
    } elseif ($name === 'token') {
        $route = $seen['routes']['helpdesk-elements/v1/token'];
        $may = $route['permission_callback']();
        $answer = ['may' => $may, 'methods' => $route['methods']];
        if ($may) {
            $response = $route['callback']();
            $answer += ['status' => $response->status, 'data' => $response->data];
        }
    } elseif ($name === 'sanitize') {
        $answer = helpdesk_elements_sanitize($argument);
    } elseif ($name === 'page') {
        helpdesk_elements_page();
    } elseif ($name === 'tag') {
        $answer = $seen['hooks']['script_loader_tag'][0]($argument, 'helpdesk-elements');
    } elseif ($name === 'shortcode') {
        echo $seen['shortcodes']['help_desk']($argument);
    }
}
echo json_encode([
    'html' => ob_get_clean(),
    'answer' => $answer,
    'scripts' => $seen['scripts'],
    'errors' => $seen['errors'],
    'headers' => $seen['headers'],
    'block' => $seen['block'],
    'page' => $seen['page'],
    'rest' => $seen['setting']['show_in_rest'],
]);
