// Looking things up in a node, naming it in messages, and finding a byte of a scalar in the file.
#include "schema/node.hpp"

#include "base/text.hpp"

namespace tocsin::schema {
namespace {

/// Walks the source of a scalar beside its decoded text.
class ScalarWalk {
public:
    ScalarWalk(std::string_view source, Position start, Style style)
        : source_(source), style_(style) {
        for (int line = 1; line < start.line && at_ < source_.size(); ++line) {
            const std::size_t end = source_.find('\n', at_);
            at_ = end == std::string_view::npos ? source_.size() : end + 1;
        }
        at_ += static_cast<std::size_t>(start.column > 0 ? start.column - 1 : 0);
        if (style == Style::block) {
            const std::size_t end = source_.find('\n', std::min(at_, source_.size()));
            at_ = end == std::string_view::npos ? source_.size() : end + 1;
        } else if (style != Style::plain) {
            ++at_;
        }
        at_ = std::min(at_, source_.size());
    }

    /// Moves behind the source of one decoded byte.
    void consume(char byte) {
        if (is_space(byte)) return consume_space();
        find(byte);
        if (at_ < source_.size()) ++at_;
    }

    /// Moves to the source of the next decoded byte.
    void find(char byte) {
        while (at_ < source_.size() && source_[at_] != byte) {
            if (style_ == Style::double_quoted && source_[at_] == '\\') {
                ++at_;
                if (at_ < source_.size() && source_[at_] == byte) return;
            }
            if (at_ < source_.size()) ++at_;
        }
        const bool doubled = style_ == Style::single_quoted && byte == '\'';
        if (doubled && at_ + 1 < source_.size() && source_[at_ + 1] == '\'') ++at_;
    }

    [[nodiscard]] Position position() const {
        Position position{.line = 1, .column = 1};
        for (const char byte : source_.substr(0, at_)) {
            if (byte == '\n') position = {.line = position.line + 1, .column = 0};
            ++position.column;
        }
        return position;
    }

private:
    static bool is_space(char byte) {
        return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
    }

    void consume_space() {
        if (at_ >= source_.size()) return;
        if (is_space(source_[at_])) {
            ++at_;
        } else if (style_ == Style::double_quoted && source_[at_] == '\\') {
            at_ = std::min(at_ + 2, source_.size());
        }
    }

    std::string_view source_;
    Style style_;
    std::size_t at_ = 0;
};

}  // namespace

const Node* Node::find(std::string_view key) const {
    for (const Entry& entry : entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

std::string describe(const Node& node) {
    const std::string text = one_line(truncate(node.text, 40));
    switch (node.kind) {
        case Kind::null:
            return "nothing";
        case Kind::boolean:
            return "the boolean " + text;
        case Kind::integer:
        case Kind::number:
            return "the number " + text;
        case Kind::string:
            return "the text \"" + text + "\"";
        case Kind::list:
            return "a list";
        case Kind::map:
            return "a mapping";
    }
    return "nothing";
}

Position position_in_scalar(std::string_view file_text, Position start, Style style,
                            std::string_view scalar, std::size_t offset) {
    ScalarWalk walk(file_text, start, style);
    offset = std::min(offset, scalar.size());
    for (const char byte : scalar.substr(0, offset)) walk.consume(byte);
    const bool inside = offset < scalar.size() && scalar[offset] != ' ' && scalar[offset] != '\n';
    if (inside) walk.find(scalar[offset]);
    return walk.position();
}

}  // namespace tocsin::schema
