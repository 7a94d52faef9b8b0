// Parses templates: text and actions, blocks, pipelines; finds unknown names before anything runs.

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "core/template_tree.hpp"

namespace tocsin::core::templates {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
    const std::optional<std::string> likely = nearest(word, known);
    return likely ? "; did you mean `" + *likely + "`?" : "";
}

std::string unknown(const std::string& what, std::string_view word,
                    const std::vector<std::string>& known) {
    return "unknown " + what + " `" + one_line(word) + "`" + suggestion(word, known);
}

std::vector<std::string> function_names() {
    std::vector<std::string> names;
    for (const Function& function : functions()) names.emplace_back(function.name);
    return names;
}

const std::vector<std::string> root_fields() {
    return {"Labels", "Annotations", "ExternalLabels", "ExternalURL", "Value"};
}

/// One pass over the actions; the first error is kept and ends it.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<std::vector<Node>> run() {
        std::vector<Node> nodes = list(0);
        if (!error_ && closing_ != Closing::end_of_text) {
            fail("`" + closing_word_ + "` has no block to belong to", closing_at_);
        }
        if (error_) return *error_;
        return nodes;
    }

private:
    enum class Closing : std::uint8_t { end_of_text, end, otherwise };

    void fail(std::string message, std::size_t offset) {
        if (!error_) error_ = parse_error(std::move(message), offset);
    }

    /// Nodes up to an `end`, an `else` or the end of the text; which of them is in `closing_`.
    std::vector<Node> list(std::size_t depth) {
        std::vector<Node> nodes;
        const std::size_t opened_at = at_;
        if (depth > limits::template_depth_max) fail("blocks are nested too deeply", at_);
        while (!error_) {
            const std::size_t open = text_.find("{{", at_);
            std::string_view plain = text_.substr(at_, open - at_);
            if (trim_next_) {
                while (!plain.empty() && is_space(plain.front())) plain.remove_prefix(1);
            }
            trim_next_ = false;
            if (open == std::string_view::npos) {
                add_text(nodes, plain);
                at_ = text_.size();
                closing_ = Closing::end_of_text;
                if (depth > 0) fail("a block is not closed; `{{ end }}` is missing", opened_at);
                return nodes;
            }
            const std::string_view behind = text_.substr(open + 2);
            if (behind.size() > 1 && behind[0] == '-' && is_space(behind[1])) {
                while (!plain.empty() && is_space(plain.back())) plain.remove_suffix(1);
            }
            add_text(nodes, plain);
            if (action(nodes, open, depth)) return nodes;
        }
        return nodes;
    }

    static void add_text(std::vector<Node>& nodes, std::string_view text) {
        if (text.empty()) return;
        nodes.push_back({.kind = Node::Kind::text, .text = std::string(text)});
    }

    /// Where the `}}` of the action that begins at `start` stands, literals skipped.
    [[nodiscard]] std::size_t end_of_action(std::size_t start) const {
        char quote = '\0';
        for (std::size_t i = start; i + 1 < text_.size(); ++i) {
            const char c = text_[i];
            if (quote != '\0') {
                if (c == '\\' && quote != '`')
                    ++i;
                else if (c == quote)
                    quote = '\0';
            } else if (c == '"' || c == '`' || c == '\'') {
                quote = c;
            } else if (c == '}' && text_[i + 1] == '}') {
                return i;
            }
        }
        return std::string_view::npos;
    }

    /// Reads `{{ … }}` at `open`; true when it closes the list.
    bool action(std::vector<Node>& nodes, std::size_t open, std::size_t depth) {
        std::size_t start = open + 2;
        if (start + 1 < text_.size() && text_[start] == '-' && is_space(text_[start + 1])) ++start;
        const std::size_t first = std::min(text_.find_first_not_of(" \t\r\n", start), text_.size());
        const bool comment = text_.substr(first).starts_with("/*");
        std::size_t from = start;
        if (comment) {
            const std::size_t end = text_.find("*/", first);
            if (end == std::string_view::npos) {
                fail("a comment is not closed", first);
                return true;
            }
            from = end + 2;
        }
        const std::size_t close = end_of_action(from);
        if (close == std::string_view::npos) {
            fail("an action is not closed; `}}` is missing", open);
            return true;
        }
        std::size_t end = close;
        if (end > from + 1 && text_[end - 1] == '-' && is_space(text_[end - 2])) {
            --end;
            trim_next_ = true;
        }
        at_ = close + 2;
        if (comment) return false;
        Result<std::vector<Token>> tokens = tokens_of(text_.substr(start, end - start), start);
        if (!tokens) {
            error_ = tokens.error();
            return true;
        }
        tokens_ = *std::move(tokens);
        next_ = 0;
        return statement(nodes, depth);
    }

    [[nodiscard]] const Token& peek() const { return tokens_[next_]; }
    bool take(TokenKind kind, std::string_view text) {
        if (peek().kind != kind || peek().text != text) return false;
        ++next_;
        return true;
    }

    bool statement(std::vector<Node>& nodes, std::size_t depth) {
        const Token first = peek();
        if (first.kind == TokenKind::word && (first.text == "end" || first.text == "else")) {
            ++next_;
            closing_ = first.text == "end" ? Closing::end : Closing::otherwise;
            closing_word_ = first.text;
            closing_at_ = first.offset;
            if (closing_ == Closing::end) expect_end();
            return true;
        }
        for (const char* word : {"define", "template", "block", "break", "continue"}) {
            if (first.kind != TokenKind::word || first.text != word) continue;
            fail("`" + std::string(word) + "` is not supported; write the text out", first.offset);
            return true;
        }
        static constexpr std::pair<std::string_view, Node::Kind> blocks[] = {
            {"if", Node::Kind::if_true}, {"with", Node::Kind::with}, {"range", Node::Kind::range}};
        for (const auto& [word, kind] : blocks) {
            if (!take(TokenKind::word, word)) continue;
            nodes.push_back(block(kind, depth));
            return error_.has_value();
        }
        Node node{.kind = Node::Kind::action};
        node.pipeline = pipeline(depth, false);
        expect_end();
        nodes.push_back(std::move(node));
        return error_.has_value();
    }

    void expect_end() {
        if (error_ || peek().kind == TokenKind::end) return;
        fail("unexpected `" + one_line(peek().text) + "`", peek().offset);
    }

    Node block(Node::Kind kind, std::size_t depth) {
        Node node{.kind = kind};
        const std::size_t variables = variables_.size();
        const bool root = dot_is_root_;
        node.pipeline = pipeline(depth, kind == Node::Kind::range);
        expect_end();
        if (kind != Node::Kind::if_true) dot_is_root_ = false;
        if (!error_) node.body = list(depth + 1);
        dot_is_root_ = root;
        if (!error_ && closing_ == Closing::otherwise) node.otherwise = otherwise(kind, depth);
        variables_.resize(variables);
        return node;
    }

    /// Behind `else`: another condition, whose `end` is ours too, or a list of its own.
    std::vector<Node> otherwise(Node::Kind kind, std::size_t depth) {
        std::vector<Node> nodes;
        if (depth > limits::template_depth_max) fail("blocks are nested too deeply", at_);
        const bool again = kind == Node::Kind::if_true
                               ? take(TokenKind::word, "if")
                               : kind == Node::Kind::with && take(TokenKind::word, "with");
        if (again) {
            nodes.push_back(block(kind, depth + 1));
            return nodes;
        }
        expect_end();
        if (!error_) nodes = list(depth + 1);
        if (!error_ && closing_ == Closing::otherwise) fail("a second `else`", closing_at_);
        return nodes;
    }

    Pipeline pipeline(std::size_t depth, bool in_range) {
        Pipeline result;
        if (depth > limits::template_depth_max) fail("parentheses are nested too deeply", at_);
        declaration(result, in_range);
        while (!error_) {
            Command parts = command(depth);
            if (parts.empty() && !error_) fail("a value is missing", peek().offset);
            result.commands.push_back(std::move(parts));
            if (error_ || !take(TokenKind::symbol, "|")) break;
        }
        for (const std::string& name : result.declared) {
            if (!result.assigns) variables_.push_back(name);
        }
        return result;
    }

    /// `$x :=`, `$x =`, and in a range `$k, $v :=`.
    void declaration(Pipeline& result, bool in_range) {
        const std::size_t start = next_;
        std::vector<std::string> names;
        while (peek().kind == TokenKind::variable && names.size() < (in_range ? 2U : 1U)) {
            names.emplace_back(peek().text);
            ++next_;
            if (!in_range || !take(TokenKind::symbol, ",")) break;
        }
        const bool declares = !names.empty() && take(TokenKind::symbol, ":=");
        result.assigns = !declares && !names.empty() && take(TokenKind::symbol, "=");
        if (!declares && !result.assigns) {
            next_ = start;
            return;
        }
        for (const std::string& name : names) {
            if (result.assigns) check_variable(name, tokens_[start].offset);
        }
        result.declared = std::move(names);
    }

    Command command(std::size_t depth) {
        Command parts;
        while (!error_) {
            const Token token = peek();
            const bool ends = token.kind == TokenKind::end ||
                              (token.kind == TokenKind::symbol && token.text != "(");
            if (ends) break;
            if (!parts.empty() && !token.after_space) {
                fail("unexpected `" + one_line(token.text) + "`", token.offset);
                break;
            }
            Operand part = operand(token, depth);
            if (!parts.empty() && parts.front().kind != Operand::Kind::function) {
                fail("only a function takes arguments", token.offset);
            }
            parts.push_back(std::move(part));
        }
        return parts;
    }

    Operand operand(const Token& token, std::size_t depth) {
        Operand result;
        ++next_;
        switch (token.kind) {
            case TokenKind::word:
                word(result, token);
                break;
            case TokenKind::variable:
                result.kind = Operand::Kind::variable;
                result.name = token.text;
                check_variable(result.name, token.offset);
                break;
            case TokenKind::dot:
                result.kind = Operand::Kind::dot;
                break;
            case TokenKind::field:
                result.kind = Operand::Kind::dot;
                result.fields.emplace_back(token.text.substr(1));
                break;
            case TokenKind::number:
            case TokenKind::text:
            case TokenKind::character:
                literal(result, token);
                break;
            case TokenKind::symbol:
                result.kind = Operand::Kind::parentheses;
                result.inner = std::make_shared<const Pipeline>(pipeline(depth + 1, false));
                if (!error_ && !take(TokenKind::symbol, ")")) {
                    fail("`)` is missing", peek().offset);
                }
                break;
            case TokenKind::end:
                break;
        }
        while (!error_ && peek().kind == TokenKind::field && !peek().after_space) {
            result.fields.emplace_back(peek().text.substr(1));
            ++next_;
        }
        if (!error_) check_fields(result, token.offset);
        return result;
    }

    void literal(Operand& result, const Token& token) {
        std::optional<Value> value;
        if (token.kind == TokenKind::number) {
            value = number_value(token.text);
        } else if (const std::optional<std::string> text = unquote(token.text)) {
            if (token.kind == TokenKind::text) value = Value{*text};
            if (token.kind == TokenKind::character && !text->empty()) {
                value = Value{static_cast<std::int64_t>(first_code_point(*text).value)};
            }
        }
        if (!value) return fail("not a value: `" + one_line(token.text) + "`", token.offset);
        result.literal = *std::move(value);
    }

    void word(Operand& result, const Token& token) {
        if (token.text == "true" || token.text == "false") {
            result.literal = Value{token.text == "true"};
            return;
        }
        if (token.text == "nil") return;
        for (const Function& function : functions()) {
            if (function.name != token.text) continue;
            result.kind = Operand::Kind::function;
            result.function = function;
            return;
        }
        fail(unknown("function", token.text, function_names()), token.offset);
    }

    void check_variable(const std::string& name, std::size_t offset) {
        if (std::find(variables_.begin(), variables_.end(), name) != variables_.end()) return;
        fail(unknown("variable", name, variables_), offset);
    }

    void check_fields(const Operand& operand, std::size_t offset) {
        const bool root = (operand.kind == Operand::Kind::dot && dot_is_root_) ||
                          (operand.kind == Operand::Kind::variable && operand.name == "$");
        if (!root || operand.fields.empty()) return;
        const std::vector<std::string> known = root_fields();
        const std::string& name = operand.fields.front();
        if (std::find(known.begin(), known.end(), name) != known.end()) return;
        fail(unknown("field", name, known), offset);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool trim_next_ = false;
    bool dot_is_root_ = true;
    std::vector<std::string> variables_ = {"$",      "$labels",         "$annotations",
                                           "$value", "$externalLabels", "$externalURL"};
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    Closing closing_ = Closing::end_of_text;
    std::string closing_word_;
    std::size_t closing_at_ = 0;
    std::optional<Error> error_;
};

}  // namespace

Result<std::vector<Node>> parse(std::string_view text) {
    return Parser(text).run();
}

}  // namespace tocsin::core::templates
