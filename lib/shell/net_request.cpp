// Checks of outgoing requests: URLs taken apart, header injection refused.
#include "shell/net_request.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace tocsin::shell {
namespace {

bool has_control_bytes(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char byte) {
        const auto value = static_cast<unsigned char>(byte);
        return (value < 0x20 && byte != '\t') || value == 0x7F;
    });
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
        return static_cast<unsigned char>(byte) > 0x20 && static_cast<unsigned char>(byte) < 0x7F &&
               byte != ':';
    });
}

/// "host", "host:port", "[IPv6]", "[IPv6]:port".
bool split_host(std::string_view text, Target& target) {
    std::size_t ends = text.find(':');
    target.host = text.substr(0, ends);
    if (text.starts_with('[')) {
        ends = text.find(']');
        if (ends == std::string_view::npos) return false;
        target.host = text.substr(1, ends - 1);
        ++ends;
    }
    text.remove_prefix(std::min(ends, text.size()));
    target.port = target.tls ? 443 : 80;
    if (target.host.empty() || text.empty()) return !target.host.empty();
    if (text.front() != ':') return false;
    text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), target.port);
    return error == std::errc() && end == text.data() + text.size() && target.port > 0 &&
           target.port < 65'536;
}

}  // namespace

Result<Target> split_url(std::string_view url) {
    const auto bad = [](std::string message) {
        return Error{.code = "bad_url", .message = std::move(message)};
    };
    const std::size_t scheme_ends = url.find("://");
    const std::string_view scheme = url.substr(0, scheme_ends);
    if (scheme_ends == std::string_view::npos || (scheme != "http" && scheme != "https")) {
        return bad("the URL is neither http:// nor https://");
    }
    const std::size_t host_begins = scheme_ends + 3;
    const std::size_t host_ends = std::min(url.find_first_of("/?#", host_begins), url.size());
    const std::string_view host = url.substr(host_begins, host_ends - host_begins);
    if (host.empty()) return bad("the URL has no host");
    if (host.find('@') != std::string_view::npos) return bad("the URL has a user name in it");
    if (has_control_bytes(host) || host.find(' ') != std::string_view::npos) {
        return bad("the URL's host has a space or control character in it");
    }
    std::string_view rest = url.substr(host_ends);
    rest = rest.substr(0, rest.find('#'));
    Target target{.origin = std::string(url.substr(0, host_ends))};
    if (!rest.starts_with('/')) target.path = '/';
    target.path += rest;
    target.tls = scheme == "https";
    if (!split_host(host, target)) return bad("the URL's host is not host, host:port or [IPv6]");
    return target;
}

Status check_request(const integrations::HttpRequest& request, const Target& target) {
    if (!is_token(request.method)) {
        return Error{.code = "bad_header", .message = "the method is not a word"};
    }
    if (has_control_bytes(target.path) || target.path.find(' ') != std::string::npos) {
        return Error{.code = "bad_url",
                     .message = "the URL's path has a space or control character in it"};
    }
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name)) {
            return Error{.code = "bad_header", .message = "a header's name is not a word"};
        }
        if (has_control_bytes(value)) {
            return Error{.code = "bad_header",
                         .message = "the value of header " + name +
                                    " has a line break or control character in it (a key file "
                                    "with a newline?)"};
        }
    }
    return {};
}

}  // namespace tocsin::shell
