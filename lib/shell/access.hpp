#pragma once
// Access: who may do what, by tokens (Bearer, or Basic with the token as password), in constant
// time.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "shell/http.hpp"

namespace tocsin::shell {

enum class Need : std::uint8_t { open, alerts, read, command };

struct AccessToken {
    std::string name;
    Secret token;
    bool alerts = false;
    bool read = false;
    bool command = false;
    std::string source;  // empty: not bound to one
};

struct Access {
    std::vector<AccessToken> tokens;         // none: everything is open to whoever can connect
    std::vector<std::string> hosts_allowed;  // further names for the Host header (public_url's)
};

/// What a request may do, or why not.
struct Permission {
    std::optional<HttpReply> refusal;    // 401, 403, 421
    const AccessToken* token = nullptr;  // the one that was shown; null when none are configured
};

/// Without tokens, only Host names that are loopback, an IP address or allowed are answered, so
/// that a web page cannot reach us by rebinding its name; a browser's cross-site POST is refused.
[[nodiscard]] Permission permit(const Access& access, Need need, const HttpIn& head);

/// Takes the same time wherever the two differ; reveals only whether the lengths are equal.
[[nodiscard]] bool equal_in_constant_time(std::string_view one, std::string_view other);

[[nodiscard]] bool is_loopback(std::string_view peer);

}  // namespace tocsin::shell
