#pragma once
// Checks of addresses that stand in configuration: URLs and listen addresses.

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::config {

/// What is wrong with an http or https URL (RFC 3986: scheme and host must be there); nullopt:
/// fine. Never repeats a URL that could hold a password.
[[nodiscard]] std::optional<std::string> url_problem(std::string_view url);

struct ListenAddress {
    std::string host;
    int port = 0;
    bool loopback = false;
};
/// `127.0.0.1:9120`, `[::1]:0`, `:9120` (every address); nullopt when it is something else.
[[nodiscard]] std::optional<ListenAddress> parse_listen(std::string_view text);

}  // namespace tocsin::config
