// Reads a banner's text as customers will, and says what does not belong there.
#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "core/banner.hpp"
#include "core/limits.hpp"

namespace tocsin::core {
namespace {

// The text without its Markdown, and the hosts that its links lead to.
struct Shown {
    std::string visible;
    std::vector<std::string> hosts;
    std::string bad_link;  // the address of one that is no web page
};

std::string lower(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lowered;
}

// The host of a web page's address; empty for anything else.
std::string web_host(std::string_view address) {
    for (std::string_view scheme : {"https://", "http://"}) {
        if (lower(address.substr(0, scheme.size())) != scheme) continue;
        if (address.find_first_of(" \t\"'<>()\\`") != std::string_view::npos) return {};
        address.remove_prefix(scheme.size());
        std::string host = lower(address.substr(0, address.find_first_of("/?#")));
        return host.find('@') == std::string::npos ? host : std::string();
    }
    return {};
}

Shown read_text(std::string_view text) {
    Shown shown;
    while (!text.empty()) {
        const std::size_t middle = text.find("](");
        const std::size_t open = text.substr(0, middle).rfind('[');
        const std::size_t end = middle == text.npos ? text.npos : text.find(')', middle);
        if (middle == text.npos || open == text.npos || end == text.npos) break;
        shown.visible += text.substr(0, open);
        shown.visible += text.substr(open + 1, middle - open - 1);
        const std::string_view address = text.substr(middle + 2, end - middle - 2);
        std::string host = web_host(address);
        if (host.empty()) shown.bad_link = std::string(address);
        if (!host.empty()) shown.hosts.push_back(std::move(host));
        text.remove_prefix(end + 1);
    }
    shown.visible += text;
    return shown;
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        text.remove_prefix(first_code_point(text).bytes);
        count += 1;
    }
    return count;
}

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// `kafka.internal`, `localhost`, `10.0.0.7`: at least one dot, and an end that could be a domain.
bool is_host(std::string_view word) {
    if (lower(word) == "localhost") return true;
    const auto labels = split(word, '.');
    if (labels.size() < 2) return false;
    if (std::any_of(labels.begin(), labels.end(), [](auto label) { return label.empty(); })) {
        return false;
    }
    if (labels.size() == 4 && std::all_of(labels.begin(), labels.end(), all_digits)) return true;
    return labels.back().size() >= 2 &&
           std::all_of(labels.back().begin(), labels.back().end(), is_letter);
}

// `INC-7`, `ABC-123`, `#123`, `kafka-broker-1`.
bool is_ticket_or_machine(std::string_view word) {
    if (word.front() == '#') return all_digits(word.substr(1));
    const std::size_t dash = word.rfind('-');
    return dash != word.npos && is_letter(word.front()) && all_digits(word.substr(dash + 1));
}

// The first word that customers should not have to read; empty for none.
std::string inside_word(const Shown& shown) {
    std::string word;
    for (const char c : shown.visible + " ") {
        if (is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '#') {
            word += c;
            continue;
        }
        while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.pop_back();
        const auto& own = shown.hosts;
        const bool linked = std::find(own.begin(), own.end(), lower(word)) != own.end();
        if (!word.empty() && !linked && (is_host(word) || is_ticket_or_machine(word))) return word;
        word.clear();
    }
    return {};
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

bool has_tag(std::string_view text) {
    for (std::size_t at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        if (is_letter(next) || next == '/' || next == '!') return true;
    }
    return false;
}

}  // namespace

std::optional<Error> banner_problem(std::string_view text) {
    const auto bad = [](std::string message) {
        return Error{"bad_banner", "the banner's text " + std::move(message), "text"};
    };
    if (text.size() > limits::banner_bytes_max) return bad("is too long");
    if (!is_valid_utf8(text)) return bad("is not UTF-8");
    if (has_control_character(text)) return bad("must be one line");
    if (has_tag(text)) return bad("must be plain, without HTML");
    if (text.find("![") != text.npos) return bad("must be plain, without images");
    const Shown shown = read_text(text);
    if (!shown.bad_link.empty()) {
        return bad("links to `" + truncate(shown.bad_link, 100) +
                   "`, which is no web page (https://…)");
    }
    if (shown.hosts.empty()) {
        return bad("must link to where customers read more, as [More info](https://…)");
    }
    const std::size_t length = code_points(shown.visible);
    if (length > limits::banner_characters_max) {
        return bad("shows " + std::to_string(length) + " characters, at most " +
                   std::to_string(limits::banner_characters_max) + " are simple and direct");
    }
    if (const std::string word = inside_word(shown); !word.empty()) {
        return bad("shows `" + word +
                   "`, which looks like a machine or a ticket: say what users "
                   "feel instead");
    }
    return std::nullopt;
}

}  // namespace tocsin::core
