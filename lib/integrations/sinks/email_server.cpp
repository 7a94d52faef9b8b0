// Takes the address of a mail server apart, so that a password in it is a secret from then on.
#include "integrations/sinks/email_server.hpp"

#include <algorithm>
#include <charconv>

namespace tocsin::integrations {

namespace {

Error bad(std::string message) {
    return {.code = "bad_url", .message = std::move(message)};
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a') + 10;
    return std::nullopt;
}

/// Nullopt when a `%` is not followed by two digits, or hides a control character.
std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const auto high = hex_digit(text[i + 1]);
        const auto low = hex_digit(text[i + 2]);
        if (!high || !low || *high * 16 + *low < 0x20) return std::nullopt;
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return out;
}

/// "host", "host:port", "[IPv6]", "[IPv6]:port".
bool is_host(std::string_view text) {
    constexpr std::string_view special = ".-_:[]%";
    const bool is_clean = std::ranges::all_of(text, [special](char c) {
        const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        return is_letter || (c >= '0' && c <= '9') || special.find(c) != special.npos;
    });
    if (!is_clean) return false;
    std::size_t ends = std::min(text.find(':'), text.size());
    if (text.starts_with('[')) {
        ends = text.find(']');
        if (ends == text.npos) return false;
        ++ends;
    }
    const std::string_view port = text.substr(ends);
    if (ends == 0 || port.empty()) return ends != 0;
    int number = 0;
    const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
    return port[0] == ':' && error == std::errc() && end == port.data() + port.size() &&
           number > 0 && number < 65'536;
}

}  // namespace

Result<MailServer> parse_mail_server(std::string_view text) {
    MailServer server{.implicit_tls = text.starts_with("smtps://")};
    if (!server.implicit_tls && !text.starts_with("smtp://")) {
        return bad("the address of a mail server begins with smtp:// or smtps://");
    }
    if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; })) {
        return bad("the address of the mail server has a space or another odd character in it");
    }
    const std::string scheme(text.substr(0, text.find("://") + 3));
    text.remove_prefix(scheme.size());
    const std::string_view rest = text.substr(std::min(text.find('/'), text.size()));
    std::string_view host = text.substr(0, text.size() - rest.size());
    if (const std::size_t at = host.rfind('@'); at != host.npos) {
        const std::string_view login = host.substr(0, at);
        const std::size_t colon = std::min(login.find(':'), login.size());
        const auto user = decoded(login.substr(0, colon));
        const auto password = decoded(login.substr(std::min(colon + 1, login.size())));
        if (!user || user->empty() || !password) {
            return bad("the login in the address of the mail server cannot be read");
        }
        server.user_name = *user;
        server.password = Secret(*password);
        server.has_login = true;
        host.remove_prefix(at + 1);
    }
    const bool is_path = rest.find_first_of("?#@") == rest.npos;
    if (!is_host(host) || !is_path) {
        return bad("the address of the mail server is not smtp[s]://HOST[:PORT]");
    }
    server.is_loopback = host.starts_with("127.") || host.starts_with("[::1]") ||
                         host.substr(0, host.find(':')) == "localhost";
    server.url = scheme + std::string(host) + std::string(rest);
    return server;
}

}  // namespace tocsin::integrations
