// HMAC-SHA256 by OpenSSL, and the three signature schemes that are built on it.
#include "integrations/sign.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>

#include "base/check.hpp"
#include "base/text.hpp"

namespace tocsin::integrations {

namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Error bad_signature() {
    return {.code = "bad_signature", .message = "the signature does not fit the body"};
}

/// The timestamp is part of what is signed; an old one is somebody's replay.
Status check_age(std::string_view timestamp, Instant now) {
    std::int64_t at = 0;
    const char* const end = timestamp.data() + timestamp.size();
    const auto read = std::from_chars(timestamp.data(), end, at);
    constexpr std::int64_t most = 1'000'000'000'000;
    if (timestamp.empty() || read.ec != std::errc() || read.ptr != end || at < 0 || at > most) {
        return Error{.code = "bad_signature", .message = "the timestamp is not unix seconds"};
    }
    const Duration age = now - Instant(seconds(at));
    if (age > signature_age_max || age < -signature_age_max) {
        return Error{.code = "stale_signature",
                     .message = "the timestamp is more than " + format_duration(signature_age_max) +
                                " from our clock"};
    }
    return {};
}

std::string key_of(const Secret& secret) {
    constexpr std::string_view prefix = "whsec_";
    const std::string_view text = secret.reveal();
    if (!text.starts_with(prefix)) return std::string(text);
    return from_base64(text.substr(prefix.size())).value_or(std::string(text));
}

std::string standard_webhook_signature(const Secret& secret, std::string_view id,
                                       std::string_view timestamp, std::string_view body) {
    std::string content;
    content.append(id).append(".").append(timestamp).append(".").append(body);
    return "v1," + base64(hmac_sha256(key_of(secret), content));
}

/// Does any entry of the list equal `expected`? Looks at all of them.
bool any_equal(std::string_view list, char separator, std::string_view expected) {
    bool found = false;
    for (const std::string_view entry : split(list, separator)) {
        if (equal_in_constant_time(trim(entry), expected)) found = true;
    }
    return found;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                            bytes_of(message), message.size(), digest.data(), &size);
    check(made != nullptr && size == 32);
    return {digest.begin(), digest.begin() + size};
}

std::string sha256(std::string_view message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const int made = EVP_Digest(message.data(), message.size(), digest.data(), &size, EVP_sha256(),
                                nullptr);
    check(made == 1 && size == 32);
    return {digest.begin(), digest.begin() + size};
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string base64(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group <<= 8U;
            if (at + i < bytes.size()) group |= static_cast<unsigned char>(bytes[at + i]);
        }
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at) + 1;
        for (std::size_t i = 0; i < 4; ++i) {
            text += i < count ? base64_digits[(group >> (18U - 6U * i)) & 63U] : '=';
        }
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    std::uint32_t held = 0;
    unsigned int bits = 0;
    for (const char c : text) {
        const std::size_t digit = base64_digits.find(c);
        if (digit == base64_digits.npos) return std::nullopt;
        held = (held << 6U | static_cast<std::uint32_t>(digit)) & 0xFFFFU;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 0xFFU);
    }
    return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string sign_standard_webhook(const Secret& secret, std::string_view id, Instant at,
                                  std::string_view body) {
    const auto timestamp = std::chrono::floor<seconds>(at).time_since_epoch().count();
    return standard_webhook_signature(secret, id, std::to_string(timestamp), body);
}

Status verify_standard_webhook(const Secret& secret, std::string_view id,
                               std::string_view timestamp, std::string_view signatures,
                               std::string_view body, Instant now) {
    if (secret.empty() || id.empty()) return bad_signature();
    const std::string expected = standard_webhook_signature(secret, id, timestamp, body);
    if (!any_equal(signatures, ' ', expected)) return bad_signature();
    return check_age(timestamp, now);
}

Status verify_pagerduty(const Secret& secret, std::string_view signatures, std::string_view body) {
    if (secret.empty()) return bad_signature();
    const std::string expected = "v1=" + hex(hmac_sha256(secret.reveal(), body));
    if (!any_equal(signatures, ',', expected)) return bad_signature();
    return {};
}

Status verify_slack(const Secret& secret, std::string_view timestamp, std::string_view signature,
                    std::string_view body, Instant now) {
    if (secret.empty()) return bad_signature();
    std::string content = "v0:";
    content.append(timestamp).append(":").append(body);
    const std::string expected = "v0=" + hex(hmac_sha256(secret.reveal(), content));
    if (!equal_in_constant_time(trim(signature), expected)) return bad_signature();
    return check_age(timestamp, now);
}

}  // namespace tocsin::integrations
