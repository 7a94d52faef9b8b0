// Reads the Authorization header, compares tokens, and minds Host and Origin.
#include "shell/access.hpp"

#include <algorithm>
#include <cctype>

#include "integrations/sign.hpp"

namespace tocsin::shell {
namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
    if (text.size() < word.size()) return false;
    return std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    });
}

/// The token shown: Bearer, or the password of Basic (Prometheus and Alertmanager can send either).
std::optional<std::string> token_shown(const HttpIn& head) {
    const std::string_view header = head.header("authorization");
    if (starts_with_word(header, "bearer ")) return std::string(header.substr(7));
    if (!starts_with_word(header, "basic ")) return std::nullopt;
    const auto pair = integrations::from_base64(header.substr(6));
    if (!pair) return std::nullopt;
    const auto colon = pair->find(':');
    if (colon == std::string::npos) return std::nullopt;
    return pair->substr(colon + 1);
}

/// Compares with every token, so that the time does not say which one was nearly right.
const AccessToken* find_token(const Access& access, std::string_view shown) {
    const AccessToken* found = nullptr;
    for (const auto& token : access.tokens) {
        const bool same = integrations::equal_in_constant_time(token.token.reveal(), shown);
        if (same && !token.token.empty()) found = &token;
    }
    return found;
}

bool may(const AccessToken& token, Need need) {
    switch (need) {
        case Need::open:
            return true;
        case Need::alerts:
            return token.alerts;
        case Need::read:
            return token.read;
        case Need::command:
            return token.command;
        case Need::page:
            return token.read;
    }
    return false;
}

/// A Host or the authority of an Origin without its port; brackets of IPv6 kept.
std::string_view without_port(std::string_view authority) {
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos) return authority;
    if (bracket != std::string_view::npos && colon < bracket) return authority;
    return authority.substr(0, colon);
}

bool is_address(std::string_view host) {
    if (host.starts_with('[')) return true;
    return !host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_local_name(const Access& access, std::string_view host) {
    const std::string_view name = without_port(host);
    return name.empty() || name == "localhost" || is_address(name) || name == access.host_allowed;
}

HttpReply refusal(int status, const char* code, const char* message) {
    return HttpReply::error(status, Error{code, message});
}

Permission permit_anonymous(const Access& access, const HttpIn& head) {
    if (access.local_names_only && !is_local_name(access, head.header("host"))) {
        return {.refusal = refusal(421, "unknown_host",
                                   "this Host is not ours; set public_url, or configure tokens"),
                .token = nullptr};
    }
    if (head.method != "GET" && head.method != "HEAD" && !is_same_site(head)) {
        return {.refusal = refusal(403, "cross_site", "requests of other sites are refused"),
                .token = nullptr};
    }
    return {};
}

}  // namespace

bool is_same_site(const HttpIn& head) {
    const std::string_view origin = head.header("origin");
    if (origin.empty()) return true;
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos) return false;  // "null"
    return origin.substr(scheme + 3) == head.header("host");
}

Permission permit(const Access& access, Need need, const HttpIn& head) {
    if (need == Need::open) return {};
    if (access.tokens.empty()) return permit_anonymous(access, head);
    const auto shown = token_shown(head);
    const AccessToken* token = shown ? find_token(access, *shown) : nullptr;
    if (token == nullptr) {
        HttpReply reply = refusal(
            401, "unauthenticated",
            shown ? "this token is not known" : "a token is needed: Authorization: Bearer TOKEN");
        reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tocsin\"");
        return {.refusal = std::move(reply), .token = nullptr};
    }
    if (!may(*token, need)) {
        return {.refusal = refusal(403, "forbidden", "this token may not do that (see `may:`)"),
                .token = nullptr};
    }
    return {.refusal = std::nullopt, .token = token};
}

bool is_loopback(std::string_view peer) {
    return peer.starts_with("127.") || peer.starts_with("[::1]") || peer.starts_with("::1") ||
           peer.starts_with("[::ffff:127.") || peer.starts_with("::ffff:127.") ||
           peer.starts_with("unix");
}

}  // namespace tocsin::shell
