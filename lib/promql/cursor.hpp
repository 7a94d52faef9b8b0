#pragma once
// Cursor: goes over the tokens of an expression and reads the parts that hold no expression.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "promql/expression.hpp"
#include "promql/lexer.hpp"

namespace tocsin::promql {

/// The first error is kept and ends everything: `next_` jumps to the last token, which is `end`.
class Cursor {
public:
    explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

protected:
    [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
    }
    Token take();
    [[nodiscard]] bool at_symbol(std::string_view text, std::size_t ahead = 0) const;
    [[nodiscard]] bool at_word(std::string_view lower) const;
    bool take_symbol(std::string_view text);
    bool take_word(std::string_view lower);
    void expect_symbol(std::string_view text);
    void fail(std::string message, std::size_t offset);
    void unexpected(const std::string& wanted);
    [[nodiscard]] std::size_t end_of_last() const;

    std::vector<std::string> label_list();
    /// What stands behind `@`.
    At instant();
    /// `5m`, or a number of seconds as in 3.x.
    Duration duration(bool may_be_zero);
    /// One `label="value"` of a selector.
    void matcher(Selector& node);

    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    std::optional<Error> error_;

private:
    void set_name(Selector& node, const std::string& name, std::size_t offset);
};

[[nodiscard]] std::optional<double> number_of(std::string_view text);

}  // namespace tocsin::promql
