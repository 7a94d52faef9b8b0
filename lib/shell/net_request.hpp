#pragma once
// What the real Net checks and takes apart before a request goes near a socket.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "integrations/request.hpp"

namespace tocsin::shell {

struct Target {
    std::string origin;  // scheme://host[:port], the key of a kept-alive connection
    std::string path;    // with the query, at least "/"
    std::string host;    // an IPv6 address without its brackets
    int port = 0;
    bool tls = false;
};

/// Splits an http or https URL. Errors (`bad_url`) name scheme and host at most, never a query:
/// keys travel there. User names in URLs are refused.
[[nodiscard]] Result<Target> split_url(std::string_view url);

/// CR, LF or NUL in a method, path, header name or value would let a file's stray newline write
/// headers of its own (`bad_header`, naming the header, not its value).
[[nodiscard]] Status check_request(const integrations::HttpRequest& request, const Target& target);

}  // namespace tocsin::shell
