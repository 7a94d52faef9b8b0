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

/// `page`: a page link's own key, else read or command (api_page.cpp).
enum class Need : std::uint8_t { open, alerts, read, command, page };

struct AccessToken {
    std::string name;
    Secret token;
    bool alerts = false;
    bool read = false;
    bool command = false;
    std::string source;  // empty: not bound to one
};

struct Access {
    std::vector<AccessToken> tokens;  // none: everything is open to whoever can connect
    /// We listen on loopback: without tokens, only Host names of this machine (and `host_allowed`)
    /// are answered, so that a web page cannot reach us by rebinding its name.
    bool local_names_only = false;
    std::string host_allowed;  // of public_url
};

/// What a request may do, or why not.
struct Permission {
    std::optional<HttpReply> refusal;    // 401, 403, 421
    const AccessToken* token = nullptr;  // the one that was shown; null when none are configured
};

/// Without tokens a browser's request from another site is refused (Origin, Host).
[[nodiscard]] Permission permit(const Access& access, Need need, const HttpIn& head);

/// False for a browser's request that another site's page has caused.
[[nodiscard]] bool is_same_site(const HttpIn& head);

[[nodiscard]] bool is_loopback(std::string_view peer);

}  // namespace tocsin::shell
