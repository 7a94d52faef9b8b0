// Reads and applies Alertmanager's label matchers; regular expressions run on RE2.

#include "base/matcher.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace tocsin {

/// A regular expression, or the literals that it is an alternation of.
struct Matcher::Regex {
    std::vector<std::string> literals;  // sorted; used when `compiled` is null
    std::unique_ptr<const re2::RE2> compiled;

    [[nodiscard]] bool matches(std::string_view value) const {
        if (compiled) {
            return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *compiled);
        }
        return std::binary_search(literals.begin(), literals.end(), value);
    }
};

namespace {

constexpr std::int64_t regex_memory_bytes_max = 1 << 20;

Error bad_matcher(std::string message) {
    return Error{.code = "bad_matcher", .message = std::move(message)};
}

/// The literals of `A|B|C`, sorted; nullopt when the pattern is anything more.
std::optional<std::vector<std::string>> literals_of(std::string_view pattern) {
    constexpr std::string_view special = "\\.+*?()[]{}^$";
    std::vector<std::string> literals(1);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        char c = pattern[i];
        if (c == '|') {
            literals.emplace_back();
            continue;
        }
        if (c == '\\' && i + 1 < pattern.size() &&
            (special.find(pattern[i + 1]) != std::string_view::npos || pattern[i + 1] == '|')) {
            c = pattern[++i];
        } else if (special.find(c) != std::string_view::npos) {
            return std::nullopt;
        }
        literals.back() += c;
    }
    std::sort(literals.begin(), literals.end());
    literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
    return literals;
}

std::string_view symbol(Matcher::Kind kind) {
    switch (kind) {
        case Matcher::Kind::equal:
            return "=";
        case Matcher::Kind::not_equal:
            return "!=";
        case Matcher::Kind::regex:
            return "=~";
        case Matcher::Kind::not_regex:
            return "!~";
    }
    return "=";
}

}  // namespace

Result<Matcher> Matcher::make(Kind kind, std::string name, std::string value) {
    Matcher matcher;
    matcher.kind_ = kind;
    if (kind == Kind::equal) matcher.literals_ = {value};
    if (kind == Kind::regex || kind == Kind::not_regex) {
        auto regex = std::make_shared<Regex>();
        if (auto literals = literals_of(value)) {
            if (kind == Kind::regex) matcher.literals_ = *literals;
            regex->literals = *std::move(literals);
        } else {
            re2::RE2::Options options;
            options.set_dot_nl(true);
            options.set_log_errors(false);
            options.set_max_mem(regex_memory_bytes_max);
            regex->compiled = std::make_unique<re2::RE2>(value, options);
            if (!regex->compiled->ok()) {
                return bad_matcher("the regular expression of " + name + " is not valid: " +
                                   regex->compiled->error() + ": " + quote(value));
            }
        }
        matcher.regex_ = std::move(regex);
    }
    matcher.name_ = std::move(name);
    matcher.value_ = std::move(value);
    return matcher;
}

bool Matcher::matches(std::string_view value) const {
    switch (kind_) {
        case Kind::equal:
            return value == value_;
        case Kind::not_equal:
            return value != value_;
        case Kind::regex:
            return regex_->matches(value);
        case Kind::not_regex:
            return !regex_->matches(value);
    }
    return false;
}

std::string Matcher::to_string() const {
    return name_ + std::string(symbol(kind_)) + quote(value_);
}

bool all_match(const std::vector<Matcher>& matchers, const Labels& labels) {
    return std::all_of(matchers.begin(), matchers.end(),
                       [&](const Matcher& matcher) { return matcher.matches(labels); });
}

namespace {

bool is_name_character(char c, bool first) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    return letter || (!first && c >= '0' && c <= '9');
}

/// Takes the operator from the front of `rest`; `=~` before `=`.
std::optional<Matcher::Kind> take_operator(std::string_view& rest) {
    for (const Matcher::Kind kind : {Matcher::Kind::regex, Matcher::Kind::not_equal,
                                     Matcher::Kind::not_regex, Matcher::Kind::equal}) {
        if (!rest.starts_with(symbol(kind))) continue;
        rest.remove_prefix(symbol(kind).size());
        return kind;
    }
    return std::nullopt;
}

/// Alertmanager's unescaping: `\n`, `\"` and `\\`; any other backslash stands for itself. A value
/// may stand without quotes; then it must not contain one.
Result<std::string> read_value(std::string_view raw) {
    const auto bad = [raw](const std::string& why) {
        return bad_matcher("the value " + one_line(raw) + " " + why);
    };
    if (!is_valid_utf8(raw)) return bad("is not valid UTF-8");
    std::string_view rest = raw;
    const bool quoted = rest.starts_with('"');
    if (quoted) rest.remove_prefix(1);
    std::string value;
    bool closed = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            closed = quoted && i + 1 == rest.size();
            if (!closed) return bad("contains a double quote; write it as \\\"");
        } else if (rest[i] != '\\' || i + 1 == rest.size()) {
            value += rest[i];
        } else {
            const char next = rest[++i];
            if (next != 'n' && next != '"' && next != '\\') value += '\\';
            value += next == 'n' ? '\n' : next;
        }
    }
    if (quoted && !closed) return bad("has no closing double quote");
    return value;
}

Result<Matcher> read_matcher(std::string_view text) {
    std::string_view rest = trim(text);
    const auto bad = [text](const std::string& why) {
        return bad_matcher("not a matcher: `" + one_line(trim(text)) + "` (" + why +
                           "); write it like name=\"value\", with =, !=, =~ or !~");
    };
    std::size_t length = 0;
    while (length < rest.size() && is_name_character(rest[length], length == 0)) ++length;
    if (length == 0) return bad("a label name was expected at the start");
    const std::string name(rest.substr(0, length));
    rest = trim(rest.substr(length));
    const std::optional<Matcher::Kind> kind = take_operator(rest);
    if (!kind) return bad("an operator was expected after `" + name + "`");
    Result<std::string> value = read_value(trim(rest));
    if (!value) return value.error();
    return Matcher::make(*kind, name, *std::move(value));
}

/// Splits at commas outside quotes. What follows the last comma counts only if it is not blank.
std::vector<std::string_view> split_matchers(std::string_view text) {
    std::vector<std::string_view> parts;
    bool quoted = false;
    bool escaped = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ',' && !quoted) {
            parts.push_back(text.substr(start, i - start));
            start = i + 1;
        }
        if (c == '"' && !escaped) quoted = !quoted;
        escaped = c == '\\' && !escaped;
    }
    if (!trim(text.substr(start)).empty()) parts.push_back(text.substr(start));
    return parts;
}

}  // namespace

Result<std::vector<Matcher>> parse_matchers(std::string_view text) {
    text = trim(text);
    if (text.starts_with('{')) text.remove_prefix(1);
    if (text.ends_with('}')) text.remove_suffix(1);
    std::vector<Matcher> matchers;
    for (const std::string_view part : split_matchers(text)) {
        Result<Matcher> matcher = read_matcher(part);
        if (!matcher) return matcher.error();
        matchers.push_back(*std::move(matcher));
    }
    return matchers;
}

}  // namespace tocsin
