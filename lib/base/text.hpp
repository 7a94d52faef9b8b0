#pragma once
// Small text helpers: UTF-8 that is safe to cut, to print on one line, and to compare by likeness.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

/// The first code point of a text that is not empty. An invalid byte stands alone.
struct CodePoint {
    char32_t value = 0xFFFD;
    std::size_t bytes = 1;
    bool valid = false;
};
[[nodiscard]] CodePoint first_code_point(std::string_view text);
[[nodiscard]] std::string encode_utf8(char32_t code_point);

[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// Invalid bytes become U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);
/// At most `bytes_max` bytes, cut on a code point; what was cut is marked with `…` (counted in).
[[nodiscard]] std::string truncate(std::string_view text, std::size_t bytes_max);
/// At most `code_points_max` code points, the last one `…` if anything was cut.
[[nodiscard]] std::string truncate_code_points(std::string_view text, std::size_t code_points_max);
/// One printable line: control characters, ESC, CR and LF are written as escapes (`\n`, `\x1b`), so
/// that no label can forge a log line or move a terminal's cursor.
[[nodiscard]] std::string one_line(std::string_view text);
/// In double quotes with Go's escapes (strconv.Quote), as Prometheus prints label values.
[[nodiscard]] std::string quote(std::string_view text);
/// The inverse for a whole literal with its quotes: "…" or '…' with Go's escapes, or `…` raw.
/// nullopt when it is not closed or an escape is not known. In '…' and "…" the other quote may
/// stand bare, a line end may not.
[[nodiscard]] std::optional<std::string> unquote(std::string_view literal);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// The likeliest intended word (Damerau-Levenshtein distance of at most a third of its length).
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);
/// A finite or non-finite number as Go's `%v` / strconv 'g' -1 would print it: `301`, `0.05`,
/// `1e+06`, `NaN`, `+Inf`.
[[nodiscard]] std::string format_number(double number);
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// FNV-1a 64, the hash of fingerprints and content digests (not cryptographic).
[[nodiscard]] std::uint64_t fnv1a64(std::string_view bytes,
                                    std::uint64_t seed = 14695981039346656037U);
[[nodiscard]] std::string to_hex(std::uint64_t number);  // 16 digits

}  // namespace tocsin
