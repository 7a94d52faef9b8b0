// The text side of HTTP/1.1: percent-decoding, request targets, reply heads.
#include "shell/listener_wire.hpp"

#include <array>

#include "base/text.hpp"

namespace tocsin::shell {
namespace {

int hex_digit(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    return -1;
}

bool read_query(std::string_view text, HttpIn& in) {
    for (const std::string_view pair : split(text, '&')) {
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        auto name = percent_decoded(pair.substr(0, equals), true);
        auto decoded = percent_decoded(value, true);
        if (!name || !decoded) return false;
        in.query.emplace_back(std::move(*name), std::move(*decoded));
    }
    return true;
}

struct Phrase {
    int status;
    std::string_view text;
};

constexpr std::array phrases = {
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{302, "Found"},
    Phrase{303, "See Other"},
    Phrase{304, "Not Modified"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{411, "Length Required"},
    Phrase{413, "Content Too Large"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{417, "Expectation Failed"},
    Phrase{422, "Unprocessable Content"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{503, "Service Unavailable"},
};

bool fits_one_field(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool in_query) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += in_query && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

bool read_target(std::string_view target, HttpIn& in) {
    if (target == "*") {
        in.path = "*";
        return true;
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme)) continue;
        const std::size_t path = target.find_first_of("/?", scheme.size());
        target = path == std::string_view::npos ? "/" : target.substr(path);
        break;
    }
    const std::size_t question = target.find('?');
    const std::string_view path = target.substr(0, question);
    if (!path.starts_with('/')) return false;
    auto decoded = percent_decoded(path, false);
    if (!decoded || decoded->find('\0') != std::string::npos) return false;
    in.path = std::move(*decoded);
    return question == std::string_view::npos || read_query(target.substr(question + 1), in);
}

std::string_view reason_phrase(int status) {
    for (const Phrase& phrase : phrases) {
        if (phrase.status == status) return phrase.text;
    }
    return "Other";
}

std::string reply_head(const HttpReply& reply, bool keep_alive) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    head += reason_phrase(reply.status);
    head += "\r\n";
    const auto field = [&head](std::string_view name, std::string_view value) {
        if (!fits_one_field(name) || !fits_one_field(value)) return;
        head += name;
        head += ": ";
        head += value;
        head += "\r\n";
    };
    if (!reply.body.empty()) field("Content-Type", reply.content_type);
    // RFC 9110 §8.6: no Content-Length in a 204.
    if (reply.status != 204) field("Content-Length", std::to_string(reply.body.size()));
    for (const auto& [name, value] : reply.headers) field(name, value);
    field("X-Content-Type-Options", "nosniff");
    field("X-Frame-Options", "DENY");
    field("Referrer-Policy", "no-referrer");
    field("Cache-Control", "no-store");
    if (!keep_alive) field("Connection", "close");
    head += "\r\n";
    return head;
}

}  // namespace tocsin::shell
