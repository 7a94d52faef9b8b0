#pragma once
// Alertmanager's label matchers: `name="value"`, `!=`, `=~`, `!~`, read from text and applied.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/labels.hpp"
#include "base/result.hpp"

namespace tocsin {

/// One matcher. Regular expressions are RE2, anchored on both sides, `.` matches a newline too.
/// A pattern that is a plain alternation of literals (`A|B|C`) is matched without RE2.
class Matcher {
public:
    enum class Kind { equal, not_equal, regex, not_regex };

    static Result<Matcher> make(Kind kind, std::string name, std::string value);

    [[nodiscard]] bool matches(std::string_view value) const;
    [[nodiscard]] bool matches(const Labels& labels) const { return matches(labels.get(name_)); }
    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& value() const { return value_; }
    /// The finite set of values that an equality or a literal alternation accepts; empty when the
    /// matcher is of another shape.
    [[nodiscard]] const std::vector<std::string>& literals() const { return literals_; }
    [[nodiscard]] std::string to_string() const;

private:
    struct Regex;
    Kind kind_ = Kind::equal;
    std::string name_;
    std::string value_;
    std::vector<std::string> literals_;  // sorted
    std::shared_ptr<const Regex> regex_;
};

/// Reads Alertmanager's notation: one matcher (`alertname=~"A|B"`, value quoted or bare), or
/// several with commas, with or without braces. Errors say what was expected and where.
Result<std::vector<Matcher>> parse_matchers(std::string_view text);

/// All of them match (an empty list matches everything).
bool all_match(const std::vector<Matcher>& matchers, const Labels& labels);

}  // namespace tocsin
