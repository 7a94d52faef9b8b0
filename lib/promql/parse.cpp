// Parses PromQL by precedence climbing; every node is checked as soon as its parts are.

#include "promql/parse.hpp"

#include <utility>

#include "base/text.hpp"
#include "promql/check.hpp"
#include "promql/cursor.hpp"
#include "promql/functions.hpp"

namespace tocsin::promql {

namespace {

constexpr int precedence_power = 6;

/// 0: not a binary operator.
int precedence_of(const Token& token) {
    if (token.kind == TokenKind::word) {
        if (token.lower == "or") return 1;
        if (token.lower == "and" || token.lower == "unless") return 2;
        return token.lower == "atan2" ? 5 : 0;
    }
    if (token.kind != TokenKind::symbol) return 0;
    if (is_comparison(token.text)) return 3;
    if (token.text == "+" || token.text == "-") return 4;
    if (token.text == "*" || token.text == "/" || token.text == "%") return 5;
    return token.text == "^" ? precedence_power : 0;
}

class Parser final : private Cursor {
public:
    explicit Parser(std::vector<Token> tokens) : Cursor(std::move(tokens)) {}

    Result<Expression> run() {
        if (peek().kind == TokenKind::end) fail("no expression found", 0);
        const Part root = error_ ? nullptr : binary(1);
        if (!error_ && peek().kind != TokenKind::end) unexpected("an operator or the end");
        if (error_) return *error_;
        return *root;
    }

private:
    /// Nothing is made after an error, so that no part is ever missing.
    template <class Node>
    Part make(Node node, std::size_t begin) {
        if (error_) return nothing_;
        Expression expression{std::move(node), Type::scalar, begin, end_of_last()};
        if (std::optional<Error> problem = check_types(expression)) {
            fail(problem->message, std::stoul(problem->field));
            return nothing_;
        }
        return std::make_shared<const Expression>(std::move(expression));
    }

    class Deeper {
    public:
        explicit Deeper(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > expression_depth_max) {
                parser_.fail("the expression is nested too deeply", parser_.peek().offset);
            }
        }
        ~Deeper() { --parser_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

    private:
        Parser& parser_;
    };

    // Operators.
    Part binary(int precedence_min) {
        const Deeper deeper(*this);
        const std::size_t begin = peek().offset;
        Part left = error_ ? nothing_ : unary();
        while (!error_) {
            const int precedence = precedence_of(peek());
            if (precedence == 0 || precedence < precedence_min) break;
            if (++operators_ > operators_max) fail("too many operators", peek().offset);
            Binary node;
            const Token op = take();
            node.op = op.kind == TokenKind::word ? op.lower : std::string(op.text);
            node.returns_bool = take_word("bool");
            matching(node.matching);
            node.left = std::move(left);
            const bool right_associative = precedence == precedence_power;
            node.right = error_ ? nothing_ : binary(precedence + (right_associative ? 0 : 1));
            left = make(std::move(node), begin);
        }
        return left;
    }

    void matching(Matching& result) {
        result.on = at_word("on");
        if (!result.on && !at_word("ignoring")) return;
        if (!at_symbol("(", 1)) return;  // a metric of that name is an error of its own
        take();
        result.given = true;
        result.labels = label_list();
        const bool left = at_word("group_left");
        if (!left && !at_word("group_right")) return;
        take();
        result.group = left ? Matching::Group::left : Matching::Group::right;
        if (at_symbol("(")) result.include = label_list();
    }

    Part unary() {
        const std::size_t begin = peek().offset;
        if (!at_symbol("-") && !at_symbol("+")) return postfix();
        const bool negative = take().text == "-";
        Part inner = binary(precedence_power);
        return make(Unary{negative, std::move(inner)}, begin);
    }

    // What follows a selector or another operand: [range], [range:step], offset, @.
    Part postfix() {
        const std::size_t begin = peek().offset;
        Part part = primary();
        std::size_t links = 0;
        while (!error_) {
            if (++links > expression_depth_max) fail("too many modifiers", peek().offset);
            if (at_symbol("["))
                part = bracket(std::move(part), begin);
            else if (at_word("offset") || at_symbol("@"))
                part = timed(*part, begin);
            else
                break;
        }
        return part;
    }

    Part bracket(Part inner, std::size_t begin) {
        const std::size_t offset = take().offset;
        const Duration range = duration(false);
        if (take_symbol(":")) {
            Subquery node{.inner = std::move(inner), .range = range, .step = {}, .timing = {}};
            if (!at_symbol("]")) node.step = duration(false);
            expect_symbol("]");
            return make(std::move(node), begin);
        }
        expect_symbol("]");
        const auto* selector = std::get_if<Selector>(&inner->node);
        if (selector == nullptr || selector->range) {
            fail("ranges only allowed for vector selectors", offset);
            return nothing_;
        }
        if (selector->timing.offset || selector->timing.at) {
            fail("the range stands before offset and @", offset);
            return nothing_;
        }
        Selector ranged = *selector;
        ranged.range = range;
        return make(std::move(ranged), begin);
    }

    Part timed(const Expression& inner, std::size_t begin) {
        const Token word = take();
        Expression result = inner;
        auto* selector = std::get_if<Selector>(&result.node);
        auto* subquery = std::get_if<Subquery>(&result.node);
        if (selector == nullptr && subquery == nullptr) {
            fail(std::string(word.text == "@" ? "@" : "offset") +
                     " must be preceded by a selector or a subquery",
                 word.offset);
            return nothing_;
        }
        Timing& timing = selector != nullptr ? selector->timing : subquery->timing;
        const bool twice = word.text == "@" ? timing.at.has_value() : timing.offset.has_value();
        if (twice) fail("`" + std::string(word.text) + "` may not be set twice", word.offset);
        if (word.text == "@") {
            timing.at = instant();
        } else {
            const bool negative = take_symbol("-");
            if (!negative) take_symbol("+");
            timing.offset = duration(true) * (negative ? -1 : 1);
        }
        if (selector != nullptr) return make(std::move(*selector), begin);
        return make(std::move(*subquery), begin);
    }

    // Operands.
    Part primary() {
        const Token token = peek();
        if (token.kind == TokenKind::symbol && token.text == "{") return selector("", token.offset);
        switch (token.kind) {
            case TokenKind::number:
            case TokenKind::duration:
                return number();
            case TokenKind::text:
                return text();
            case TokenKind::word:
                return word();
            case TokenKind::symbol:
                if (token.text == "(") {
                    take();
                    Part inner = binary(1);
                    expect_symbol(")");
                    return make(Parentheses{std::move(inner)}, token.offset);
                }
                break;
            case TokenKind::end:
                break;
        }
        unexpected("a selector, a function or a number");
        return nothing_;
    }

    Part number() {
        const Token token = take();
        if (token.kind == TokenKind::duration) {  // 3.x: `5m` is 300
            const Result<Duration> parsed = parse_duration(token.text);
            if (!parsed) fail(parsed.error().message, token.offset);
            return make(Number{parsed ? to_seconds(*parsed) : 0}, token.offset);
        }
        const std::optional<double> value = number_of(token.text);
        if (!value) fail("not a number: `" + std::string(token.text) + "`", token.offset);
        return make(Number{value.value_or(0)}, token.offset);
    }

    Part text() {
        const Token token = take();
        std::optional<std::string> value = unquote(token.text);
        if (!value) fail("the string has an escape that is not known", token.offset);
        return make(Text{value.value_or("")}, token.offset);
    }

    Part word() {
        const Token token = take();
        const bool by_or_without = at_word("by") || at_word("without");
        if (const AggregationOperator* row = find_aggregation(token.lower);
            row != nullptr && (at_symbol("(") || by_or_without)) {
            return aggregation(*row, token.offset);
        }
        if (at_symbol("(")) return call(token);
        if (token.lower == "inf" || token.lower == "nan") {
            return make(Number{*parse_number(token.lower)}, token.offset);
        }
        for (const char* keyword : {"bool", "on", "ignoring", "group_left", "group_right", "and",
                                    "or", "unless", "atan2"}) {
            if (token.lower == keyword) {
                fail("unexpected `" + std::string(token.text) +
                         "`; a selector, a function or a number was expected",
                     token.offset);
            }
        }
        return selector(token.text, token.offset);
    }

    Part call(const Token& name) {
        if (find_function(name.text) == nullptr) {
            const std::optional<std::string> likely = nearest(name.text, function_names());
            fail("unknown function with name `" + std::string(name.text) + "`" +
                     (likely ? "; did you mean `" + *likely + "`?" : ""),
                 name.offset);
            return nothing_;
        }
        Call node{std::string(name.text), arguments()};
        return make(std::move(node), name.offset);
    }

    std::vector<Part> arguments() {
        std::vector<Part> parts;
        expect_symbol("(");
        while (!error_ && !at_symbol(")")) {
            parts.push_back(binary(1));
            if (!take_symbol(",")) break;
            if (at_symbol(")"))
                fail("trailing commas not allowed in function call args", peek().offset);
        }
        expect_symbol(")");
        return parts;
    }

    Part aggregation(const AggregationOperator& row, std::size_t begin) {
        Aggregation node;
        node.operation = row.name;
        const bool before = grouping(node);
        std::vector<Part> parts = arguments();
        if (!before) grouping(node);
        const std::size_t wanted = row.parameter ? 2 : 1;
        if (!error_ && parts.size() != wanted) {
            fail("wrong number of arguments for aggregate expression provided, expected " +
                     std::to_string(wanted) + ", got " + std::to_string(parts.size()),
                 begin);
        }
        if (error_) return nothing_;
        node.inner = parts.back();
        if (wanted == 2) node.parameter = parts.front();
        return make(std::move(node), begin);
    }

    bool grouping(Aggregation& node) {
        if (!at_word("by") && !at_word("without")) return false;
        node.without = take().lower == "without";
        node.labels = label_list();
        return true;
    }

    Part selector(std::string_view name, std::size_t begin) {
        Selector node;
        node.name = name;
        if (take_symbol("{")) {
            while (!error_ && !at_symbol("}")) {
                matcher(node);
                if (!take_symbol(",")) break;
            }
            expect_symbol("}");
        }
        return make(std::move(node), begin);
    }

    // `a + b + c …` nests to the left, which bounds the recursion over the tree.
    static constexpr std::size_t operators_max = 1'000;

    std::size_t depth_ = 0;
    std::size_t operators_ = 0;
    const Part nothing_ = std::make_shared<const Expression>();
};

}  // namespace

Result<Expression> parse(std::string_view text) {
    if (text.size() > expression_bytes_max) {
        return bad_expression("the expression has more than 65536 bytes", expression_bytes_max);
    }
    Result<std::vector<Token>> tokens = tokens_of(text);
    if (!tokens) return tokens.error();
    return Parser(*std::move(tokens)).run();
}

}  // namespace tocsin::promql
