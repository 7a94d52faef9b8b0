// Reads just enough of URLs and addresses to say early what a connection would say late.
#include "config/urls.hpp"

#include <charconv>

#include "base/text.hpp"

namespace tocsin::config {
namespace {

std::optional<int> parse_port(std::string_view text) {
    int port = -1;
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, port);
    if (text.empty() || problem != std::errc() || stop != end || port < 0 || port > 65'535) {
        return std::nullopt;
    }
    return port;
}

struct HostPort {
    std::string_view host;
    std::optional<std::string_view> port;
};

HostPort split_host(std::string_view authority) {
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon == std::string_view::npos) return {.host = authority, .port = {}};
    return {.host = authority.substr(0, colon), .port = authority.substr(colon + 1)};
}

}  // namespace

std::optional<std::string> url_problem(std::string_view url) {
    const std::size_t scheme = url.find("://");
    const std::string_view name = url.substr(0, scheme);
    if (scheme == std::string_view::npos || (name != "http" && name != "https")) {
        return "expected a URL that begins with http:// or https://";
    }
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    const std::size_t user = rest.rfind('@');
    if (user != std::string_view::npos) {
        return "user names and passwords do not stand in URLs: use `headers` with a secret";
    }
    const HostPort parts = split_host(rest);
    if (parts.host.empty()) return "the URL has no host";
    if (parts.port && !parse_port(*parts.port)) return "the URL's port is not a number up to 65535";
    for (const char byte : url) {
        if (static_cast<unsigned char>(byte) <= ' ' || byte == 0x7F) {
            return "the URL holds a space or a control character";
        }
    }
    return std::nullopt;
}

std::optional<ListenAddress> parse_listen(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const std::optional<int> port = parse_port(text.substr(colon + 1));
    if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return std::nullopt;
    }
    if (!port) return std::nullopt;
    // A name such as 127.example.com is not an address.
    const bool digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
    const bool loopback =
        host == "::1" || host == "localhost" || (digits && host.starts_with("127."));
    return ListenAddress{.host = std::string(host), .port = *port, .loopback = loopback};
}

}  // namespace tocsin::config
