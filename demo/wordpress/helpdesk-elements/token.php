<?php
/**
 * Signs the token that a page gives to the relay. Needs nothing of WordPress.
 *
 * @package helpdesk-elements
 */

defined('ABSPATH') || exit;

function helpdesk_elements_base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/**
 * A token for one person: HS256, for ten minutes.
 *
 * @param array{id: string, email?: string, name?: string, userId?: string} $person Of the session, never of the request.
 * @param string $secret   HELPDESK_JWT_SECRET of the relay: at least 32 bytes.
 * @param string $audience HELPDESK_AUDIENCE of the relay.
 */
function helpdesk_elements_token(array $person, string $secret, string $audience): string
{
    $now = time();
    $claims = [
        'sub' => $person['id'],
        'email' => $person['email'] ?? '',
        'name' => $person['name'] ?? '',
        'userId' => $person['userId'] ?? '',
        'aud' => $audience,
        'iat' => $now,
        'exp' => $now + 600,
        'jti' => bin2hex(random_bytes(16)),
    ];
    // What is not known is left out.
    $claims = array_filter($claims, fn ($value) => $value !== '');
    $flags = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE;
    $signed = helpdesk_elements_base64url(json_encode(['alg' => 'HS256', 'typ' => 'JWT'], $flags))
        . '.' . helpdesk_elements_base64url(json_encode($claims, $flags));

    return $signed . '.' . helpdesk_elements_base64url(hash_hmac('sha256', $signed, $secret, true));
}
