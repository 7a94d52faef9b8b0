#pragma once
// Signatures of webhooks, outgoing and incoming: HMAC-SHA256 over the raw bytes.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace tocsin::integrations {

/// 32 raw bytes (RFC 2104 with SHA-256).
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view message);
[[nodiscard]] std::string sha256(std::string_view message);
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// In a time that depends on the lengths only.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// How far the timestamp of a signed request may be from our clock.
inline constexpr Duration signature_age_max = minutes(5);

/// Standard Webhooks (and Svix) `v1,<base64>` over `<id>.<unix seconds>.<body>`. A secret that
/// starts with `whsec_` is base64; any other is taken as its bytes.
[[nodiscard]] std::string sign_standard_webhook(const Secret& secret, std::string_view id,
                                                Instant at, std::string_view body);

/// `signatures` is the header's list, separated by spaces; any one that fits is enough. Errors:
/// `bad_signature`, `stale_signature`.
[[nodiscard]] Status verify_standard_webhook(const Secret& secret, std::string_view id,
                                             std::string_view timestamp,
                                             std::string_view signatures, std::string_view body,
                                             Instant now);

/// PagerDuty webhooks v3: `X-PagerDuty-Signature: v1=<hex>[,v1=<hex>]`. It has no timestamp, so the
/// caller must remember event ids against replays.
[[nodiscard]] Status verify_pagerduty(const Secret& secret, std::string_view signatures,
                                      std::string_view body);

/// Slack's `X-Slack-Signature: v0=<hex>` over `v0:<timestamp>:<body>`.
[[nodiscard]] Status verify_slack(const Secret& secret, std::string_view timestamp,
                                  std::string_view signature, std::string_view body, Instant now);

}  // namespace tocsin::integrations
