// UTF-8, printable lines, quoting, likeness of words and numbers as Go writes them.

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace tocsin {

namespace {

constexpr std::string_view ellipsis = "…";
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Range {
    char32_t first, last;
};

/// Not printable although above ASCII: C1 controls, spaces that are not U+0020, marks of direction,
/// separators, surrogates, private use (the part of Go's unicode.IsPrint that matters).
constexpr std::array<Range, 14> unprintable = {{{0x80, 0xA0},
                                                {0xAD, 0xAD},
                                                {0x61C, 0x61C},
                                                {0x1680, 0x1680},
                                                {0x180E, 0x180E},
                                                {0x2000, 0x200F},
                                                {0x2028, 0x202F},
                                                {0x205F, 0x206F},
                                                {0x3000, 0x3000},
                                                {0xD800, 0xF8FF},
                                                {0xFEFF, 0xFEFF},
                                                {0xFFF0, 0xFFFB},
                                                {0xE0000, 0xE0FFF},
                                                {0xF0000, 0x10FFFF}}};

bool is_printable(char32_t c) {
    if (c < 0x7F) return c >= 0x20;
    if (c == 0x7F) return false;
    return std::none_of(unprintable.begin(), unprintable.end(),
                        [c](const Range& r) { return c >= r.first && c <= r.last; });
}

/// Marks of direction and line separators can forge a line; odd spaces and private use cannot.
bool is_safe_on_a_line(char32_t c) {
    if (c < 0xA0) return c >= 0x20 && c < 0x7F;
    const bool direction = c == 0x61C || (c >= 0x200E && c <= 0x200F) ||
                           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return !direction;
}

std::string escape(char32_t c) {
    constexpr std::string_view named_from = "\a\b\t\n\v\f\r";  // 7 … 13, in order
    constexpr std::string_view named_to = "abtnvfr";
    if (c >= 7 && c < 7 + named_from.size()) return {'\\', named_to[c - 7]};
    std::array<char, 16> text{};
    const char* format = c < 0x80 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
    std::snprintf(text.data(), text.size(), format, static_cast<unsigned>(c));
    return text.data();
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

/// Damerau-Levenshtein distance (optimal string alignment) over bytes.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return {first, 1, true};
    const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
    char32_t value = first & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
    return {value, bytes, true};
}

std::string encode_utf8(char32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return std::string(replacement);
    const auto tail = [c](unsigned shift) {
        return static_cast<char>(0x80U | ((c >> shift) & 0x3FU));
    };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xC0U | (c >> 6U)), tail(0)};
    if (c < 0x10000) return {static_cast<char>(0xE0U | (c >> 12U)), tail(6), tail(0)};
    return {static_cast<char>(0xF0U | (c >> 18U)), tail(12), tail(6), tail(0)};
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (!point.valid) return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

std::string to_valid_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        result.append(point.valid ? text.substr(0, point.bytes) : replacement);
        text.remove_prefix(point.bytes);
    }
    return result;
}

std::string truncate(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return std::string(text);
    const bool mark = bytes_max >= ellipsis.size();
    std::size_t end = mark ? bytes_max - ellipsis.size() : bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    std::string result(text.substr(0, end));
    if (mark) result += ellipsis;
    return result;
}

std::string truncate_code_points(std::string_view text, std::size_t code_points_max) {
    std::size_t at = 0;
    std::size_t at_last = 0;  // where the last code point that may stay begins
    for (std::size_t count = 0; at < text.size(); ++count) {
        if (count + 1 == code_points_max) at_last = at;
        if (count == code_points_max) {
            if (code_points_max == 0) return {};
            return std::string(text.substr(0, at_last)) + std::string(ellipsis);
        }
        at += first_code_point(text.substr(at)).bytes;
    }
    return std::string(text);
}

std::string one_line(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (!point.valid) {
            result += replacement;
        } else if (is_safe_on_a_line(point.value)) {
            result += text.substr(0, point.bytes);
        } else {
            result += escape(point.value);
        }
        text.remove_prefix(point.bytes);
    }
    return result;
}

std::string quote(std::string_view text) {
    std::string result = "\"";
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (!point.valid) {
            result += escape(0);  // \x00, whose digits are then the byte's
            std::snprintf(&result[result.size() - 2], 3, "%02x",
                          static_cast<unsigned>(static_cast<unsigned char>(text[0])));
        } else if (point.value == '"' || point.value == '\\') {
            result += {'\\', text[0]};
        } else if (is_printable(point.value)) {
            result += text.substr(0, point.bytes);
        } else {
            result += escape(point.value);
        }
        text.remove_prefix(point.bytes);
    }
    return result + "\"";
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) result += separator;
        result += parts[i];
    }
    return result;
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
    constexpr std::size_t word_bytes_max = 256;  // the distance is quadratic
    if (word.size() > word_bytes_max) return std::nullopt;
    const std::string wanted = lower(word);
    std::size_t best = wanted.size() / 3;
    std::optional<std::string> found;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > word_bytes_max) continue;
        const std::size_t steps = distance(wanted, lower(candidate));
        if (steps > best || (found && steps == best)) continue;
        best = steps;
        found = candidate;
    }
    return found;
}

std::string format_number(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
    std::array<char, 32> text{};
    const auto write = [&](std::chars_format format) {
        const auto end = std::to_chars(text.data(), text.data() + text.size(), number, format);
        return std::string_view(text.data(), end.ptr);
    };
    const std::string_view scientific = write(std::chars_format::scientific);
    const std::string_view digits = scientific.substr(scientific.find('e') + 1);
    int exponent = 0;
    std::from_chars(digits.data() + 1, digits.data() + digits.size(), exponent);
    if (digits.front() == '-') exponent = -exponent;
    constexpr int exponent_max = 6;  // strconv: the shortest form goes to %e from here on
    if (exponent < -4 || exponent >= exponent_max) return std::string(scientific);
    return std::string(write(std::chars_format::fixed));
}

std::optional<double> parse_number(std::string_view text) {
    const bool negative = text.starts_with('-');
    std::string_view digits = text;
    if (negative || text.starts_with('+')) digits.remove_prefix(1);
    const std::string word = lower(digits);
    double number = 0;
    if (word == "inf" || word == "infinity") {
        number = std::numeric_limits<double>::infinity();
    } else if (word == "nan") {
        number = std::numeric_limits<double>::quiet_NaN();
    } else {
        if (digits.empty() || (digits[0] != '.' && (digits[0] < '0' || digits[0] > '9'))) {
            return std::nullopt;
        }
        const char* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, number);
        if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    }
    return negative ? -number : number;
}

std::uint64_t fnv1a64(std::string_view bytes, std::uint64_t seed) {
    std::uint64_t hash = seed;
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211U;
    }
    return hash;
}

std::string to_hex(std::uint64_t number) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
    return text.data();
}

}  // namespace tocsin
