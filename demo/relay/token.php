<?php
// A host site in PHP: answers the token of whoever is signed in. No library is needed for HS256.
// <help-desk url="https://help.example.com" token-url="/helpdesk-token.php"></help-desk>
session_start();
header('Content-Type: application/json');
header('Cache-Control: no-store');

// From your own session, never from the request: whoever is named here reads that person's tickets.
$user = $_SESSION['user'] ?? null;
if ($user === null) {
    http_response_code(401);
    exit('{}');
}

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

$now = time();
$parts = [
    ['alg' => 'HS256', 'typ' => 'JWT'],
    [
        'sub' => (string) $user['id'],
        'email' => $user['email'], // one that you have verified
        'name' => $user['name'],
        'aud' => 'help.example.com', // HELPDESK_AUDIENCE
        'iat' => $now,
        'exp' => $now + 600,
    ],
];
$signed = implode('.', array_map(fn ($part) => base64url(json_encode($part)), $parts));
$signature = base64url(hash_hmac('sha256', $signed, getenv('HELPDESK_JWT_SECRET'), true));
// The relay is named where it is neither at this host nor below it.
echo json_encode(['token' => "$signed.$signature", 'relay' => 'https://help.example.com']);
