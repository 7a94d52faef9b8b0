// Collecting problems, and showing one with its source line and a caret.
#include "schema/diagnostic.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace tocsin::schema {
namespace {

constexpr std::size_t shown_bytes_max = 160;

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::string printable(std::string_view text) {
    return one_line(to_valid_utf8(text));
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); }));
}

std::string_view line_of(std::string_view text, int line) {
    for (int at = 1; at < line; ++at) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    std::string_view found = text.substr(0, text.find('\n'));
    if (found.ends_with('\r')) found.remove_suffix(1);
    return found;
}

/// The line cut around the column, and a caret below it.
std::string excerpt(std::string_view line, int column) {
    const auto target = std::min(static_cast<std::size_t>(std::max(column, 1) - 1), line.size());
    std::size_t begin = target > shown_bytes_max / 2 ? target - shown_bytes_max / 2 : 0;
    if (line.size() <= shown_bytes_max) begin = 0;
    while (begin < target && is_continuation(line[begin])) ++begin;
    std::size_t end = std::min(line.size(), begin + shown_bytes_max);
    while (end < line.size() && end > target && is_continuation(line[end])) --end;
    const std::string before = printable(line.substr(begin, target - begin));
    const std::string after = printable(line.substr(target, end - target));
    return "    " + before + after + "\n    " + std::string(code_points(before), ' ') + "^\n";
}

}  // namespace

void Diagnostics::error(std::string file, Position at, std::string message, std::string hint) {
    add({Level::error, std::move(file), at, std::move(message), std::move(hint)});
}

void Diagnostics::warning(std::string file, Position at, std::string message, std::string hint) {
    add({Level::warning, std::move(file), at, std::move(message), std::move(hint)});
}

void Diagnostics::merge(const Diagnostics& others) {
    list_.insert(list_.end(), others.list_.begin(), others.list_.end());
}

bool Diagnostics::has_errors() const {
    return std::any_of(list_.begin(), list_.end(),
                       [](const Diagnostic& one) { return one.level == Level::error; });
}

std::vector<Diagnostic> Diagnostics::sorted() const {
    std::vector<Diagnostic> list = list_;
    const auto place = [](const Diagnostic& one) {
        return std::tie(one.file, one.at.line, one.at.column);
    };
    std::stable_sort(list.begin(), list.end(),
                     [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
    return list;
}

std::string render(const Diagnostic& diagnostic, std::string_view text) {
    const bool placed = diagnostic.at.line > 0;
    const bool shown = placed && !diagnostic.secret;
    std::string out = one_line(diagnostic.file);
    if (placed) {
        out +=
            ":" + std::to_string(diagnostic.at.line) + ":" + std::to_string(diagnostic.at.column);
    }
    out += diagnostic.level == Level::error ? ": error: " : ": warning: ";
    out += one_line(diagnostic.message) + "\n";
    const std::string_view line = shown ? line_of(text, diagnostic.at.line) : std::string_view();
    if (!line.empty()) out += excerpt(line, diagnostic.at.column);
    if (!diagnostic.hint.empty()) out += "    hint: " + one_line(diagnostic.hint) + "\n";
    return out;
}

}  // namespace tocsin::schema
