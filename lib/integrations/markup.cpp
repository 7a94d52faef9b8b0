// Escapes by code point; what could deceive a reader is made visible first.
#include "integrations/markup.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "base/text.hpp"

namespace tocsin::integrations {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// What reorders its surroundings, or is there without being seen.
constexpr std::array deceptive{
    Range{0x0080, 0x009F},    // C1 controls
    Range{0x00AD, 0x00AD},    // soft hyphen
    Range{0x061C, 0x061C},    // Arabic letter mark
    Range{0x180E, 0x180E},    // Mongolian vowel separator
    Range{0x200B, 0x200B},    // zero-width space (the joiners U+200C and U+200D stay)
    Range{0x200E, 0x200F},    // left-to-right and right-to-left marks
    Range{0x2028, 0x202E},    // line separators, embeddings and overrides
    Range{0x2060, 0x206F},    // word joiner, isolates, deprecated controls
    Range{0xFEFF, 0xFEFF},    // byte order mark
    Range{0xFFF9, 0xFFFB},    // interlinear annotations
    Range{0xFFFE, 0xFFFF},    // no characters at all
    Range{0xE0000, 0xE001F},  // language tags (those of flags, from U+E0020 on, stay)
};

bool is_deceptive(char32_t code_point) {
    return std::any_of(deceptive.begin(), deceptive.end(), [code_point](const Range& range) {
        return range.first <= code_point && code_point <= range.last;
    });
}

std::string named(char32_t code_point) {
    std::string digits = to_hex(code_point);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 4));
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return "[U+" + digits + "]";
}

std::string shown(const CodePoint& point) {
    constexpr char32_t pictures = 0x2400;  // ␀ and on, one for each C0 control
    constexpr char32_t picture_of_delete = 0x2421;
    if (!point.valid) return encode_utf8(0xFFFD);
    if (point.value == '\n' || point.value == '\t') return {static_cast<char>(point.value)};
    if (point.value < 0x20) return encode_utf8(pictures + point.value);
    if (point.value == 0x7F) return encode_utf8(picture_of_delete);
    return is_deceptive(point.value) ? named(point.value) : encode_utf8(point.value);
}

/// Each byte of `text` that has a replacement in the table, replaced.
template <class Table>
std::string replaced(std::string_view text, const Table& table) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char byte : text) {
        const auto row = std::find_if(table.begin(), table.end(),
                                      [byte](const auto& each) { return each.first == byte; });
        if (row == table.end()) {
            out += byte;
        } else {
            out += row->second;
        }
    }
    return out;
}

using Replacement = std::pair<char, std::string_view>;

constexpr std::array html_table{Replacement{'&', "&amp;"}, Replacement{'<', "&lt;"},
                                Replacement{'>', "&gt;"}, Replacement{'"', "&quot;"},
                                Replacement{'\'', "&#39;"}};

constexpr std::array calendar_table{Replacement{'\\', "\\\\"}, Replacement{';', "\\;"},
                                    Replacement{',', "\\,"}, Replacement{'\n', "\\n"}};

// `@` and `$`: GitHub reads mentions and formulas. What means something only at the start of a line
// (lists, rules) needs no escape: our own words always stand before it.
constexpr std::string_view markdown_specials = "\\`*_[]<>#|~&$@";

std::string markdown_line(std::string_view line) {
    std::string out;
    for (const char c : line) {
        if (markdown_specials.find(c) != std::string_view::npos) out += '\\';
        out += c == '\t' ? ' ' : c;
    }
    return out;
}

bool starts_with_letters(std::string_view text, std::string_view lower_case) {
    return text.size() >= lower_case.size() &&
           std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char a, char b) {
               return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
           });
}

}  // namespace

std::string visible(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (text.starts_with("\r\n")) text.remove_prefix(1);
        const CodePoint point = first_code_point(text);
        out += shown(point);
        text.remove_prefix(point.bytes);
    }
    return out;
}

std::string escape_html(std::string_view text) {
    return replaced(visible(text), html_table);
}

std::string escape_markdown(std::string_view text) {
    const std::string seen = visible(text);
    std::string out;
    for (const std::string_view line : split(seen, '\n')) {
        if (line.data() != seen.data()) out += "<br>";
        out += markdown_line(trim(line));
    }
    return out;
}

std::string escape_calendar(std::string_view text) {
    return replaced(visible(text), calendar_table);
}

bool is_web_link(std::string_view url) {
    const bool web = starts_with_letters(url, "https://") || starts_with_letters(url, "http://");
    if (!web || url.find("://") + 3 == url.size()) return false;
    return std::none_of(url.begin(), url.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte >= 0x7F ||
               std::string_view("\"'<>\\`^{|}").find(c) != std::string_view::npos;
    });
}

}  // namespace tocsin::integrations
