#pragma once
// CalendarReader: reads an iCalendar file back by the letter of RFC 5545, independent of what
// wrote it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "base/time.hpp"

namespace tocsin::support {

struct CalendarLine {
    std::string name;
    std::map<std::string, std::string> parameters;
    std::string value;  // as written; TEXT values through unescaped()
};

/// The content lines, unfolded (§3.1). Nothing if a line does not end in CRLF, is longer than 75
/// octets, is no UTF-8 by itself, or is no `NAME;PARAMETER=…:value`.
inline std::optional<std::vector<CalendarLine>> read_calendar(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find("\r\n");
        if (end == std::string_view::npos || end > 75) return std::nullopt;
        const std::string_view line = text.substr(0, end);
        if (!is_valid_utf8(line) || line.find_first_of("\r\n") != std::string_view::npos) return {};
        text.remove_prefix(end + 2);
        if (line.starts_with(' ') && !lines.empty()) {
            lines.back() += line.substr(1);
        } else {
            lines.emplace_back(line);
        }
    }
    std::vector<CalendarLine> read;
    for (const std::string& line : lines) {
        CalendarLine content;
        std::vector<std::string> parts(1);
        bool quoted = false;
        std::size_t at = 0;
        for (; at < line.size() && (quoted || line[at] != ':'); ++at) {
            if (line[at] == '"') quoted = !quoted;
            if (line[at] == ';' && !quoted) {
                parts.emplace_back();
            } else {
                parts.back() += line[at];
            }
        }
        if (at == line.size() || parts[0].empty()) return std::nullopt;
        content.name = parts[0];
        content.value = line.substr(at + 1);
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const auto equals = parts[i].find('=');
            if (equals == std::string::npos) return std::nullopt;
            content.parameters[parts[i].substr(0, equals)] = parts[i].substr(equals + 1);
        }
        read.push_back(std::move(content));
    }
    return read;
}

/// A TEXT value (§3.3.11).
inline std::string unescaped(std::string_view value) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            text += value[i];
            continue;
        }
        ++i;
        text += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
    }
    return text;
}

/// `20260302T100000Z`
inline std::optional<Instant> calendar_instant(const std::string& value) {
    if (value.size() != 16 || value[8] != 'T' || value[15] != 'Z') return std::nullopt;
    const auto read = parse_rfc3339(value.substr(0, 4) + "-" + value.substr(4, 2) + "-" +
                                    value.substr(6, 2) + "T" + value.substr(9, 2) + ":" +
                                    value.substr(11, 2) + ":" + value.substr(13, 2) + "Z");
    if (!read) return std::nullopt;
    return *read;
}

}  // namespace tocsin::support
