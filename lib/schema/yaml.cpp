// The only file that includes yaml-cpp: its events become a located tree, its leniencies errors.
#include "schema/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_set>

#include "base/text.hpp"
#include "schema/reader.hpp"
#include "schema/scalar.hpp"

namespace tocsin::schema {
namespace {

/// yaml-cpp ends quietly at many places that are not the end of the file. This key is appended as
/// the last line: unless it comes back as the last top-level key, something swallowed the rest.
constexpr std::string_view sentinel = "__end_of_file__";

Position position(const YAML::Mark& mark) {
    if (mark.line < 0 || mark.column < 0) return {.line = 1, .column = 1};
    return {.line = mark.line + 1, .column = mark.column + 1};
}

class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(std::string_view text, const Reader& reader, std::size_t depth_max)
        : lines_(split(text, '\n')), reader_(reader), depth_max_(depth_max) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        put({.kind = Kind::null, .at = position(mark)});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        reader_.error(position(mark), "aliases (*name) are not supported", "repeat the value");
        put({.kind = Kind::null, .at = position(mark)});
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        Node node{.kind = Kind::string,
                  .style = style_at(position(mark)),
                  .at = position(mark),
                  .text = value};
        if (tag == "?") type_plain_scalar(node);
        put(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Kind::map);
    }
    void OnMapEnd() override { close(); }

    [[nodiscard]] Node& root() { return root_; }
    [[nodiscard]] Position last() const { return last_; }

private:
    struct Level {
        Node node;
        std::optional<Entry> pending;  // a key that waits for its value
        std::unordered_set<std::string> keys;
    };

    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor == YAML::NullAnchor) return;
        reader_.error(position(mark), "anchors (&name) are not supported", "repeat the value");
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        reader_.error(position(mark), "tags (!name) are not supported",
                      "quote the value to make it text");
    }

    [[nodiscard]] Style style_at(Position at) const {
        const auto line = static_cast<std::size_t>(at.line - 1);
        const auto column = static_cast<std::size_t>(at.column - 1);
        if (line >= lines_.size() || column >= lines_[line].size()) return Style::plain;
        switch (lines_[line][column]) {
            case '"':
                return Style::double_quoted;
            case '\'':
                return Style::single_quoted;
            case '|':
            case '>':
                return Style::block;
            default:
                return Style::plain;
        }
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (levels_.size() == depth_max_) {
            reader_.error(position(mark), "nested deeper than " + std::to_string(depth_max_));
        }
        Node node{.kind = kind, .at = position(mark)};
        levels_.push_back({.node = std::move(node), .pending = {}, .keys = {}});
    }

    void close() {
        Node node = std::move(levels_.back().node);
        levels_.pop_back();
        // What lies too deep has been reported and is not kept.
        if (levels_.size() >= depth_max_) node = {.kind = Kind::null, .at = node.at};
        put(std::move(node));
    }

    void put(Node node) {
        if (node.kind < Kind::list) last_ = node.at;
        if (levels_.empty()) {
            root_ = std::move(node);
            return;
        }
        Level& level = levels_.back();
        if (level.node.kind == Kind::list) {
            level.node.items.push_back(std::move(node));
        } else if (!level.pending) {
            put_key(level, node);
        } else {
            level.pending->value = std::move(node);
            level.node.entries.push_back(std::move(*level.pending));
            level.pending.reset();
        }
    }

    void put_key(Level& level, const Node& node) {
        if (!node.is_scalar()) {
            reader_.error(node.at, "a key must be a word, found " + describe(node));
        } else if (node.text == "<<" && node.style == Style::plain) {
            reader_.error(node.at, "merge keys (<<) are not supported", "repeat the values");
        } else if (!level.keys.insert(node.text).second) {
            reader_.error(node.at, "the key `" + truncate(node.text, 80) + "` stands here twice");
        }
        level.pending = Entry{.key = node.text, .at = node.at, .value = {}};
    }

    std::vector<std::string_view> lines_;
    const Reader& reader_;
    std::size_t depth_max_;
    std::vector<Level> levels_;
    Node root_;
    Position last_;
};

/// Checks what yaml-cpp would misread: encoding and control characters.
bool check_bytes(std::string_view text, const Reader& reader) {
    Position at{.line = 1, .column = 1};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool lone_return = byte == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
        const bool control = (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r') ||
                             byte == 0x7F || lone_return;
        if (control) {
            reader.error(at, "a control character stands here (byte " + std::to_string(byte) + ")",
                         "in text, write it as an escape between double quotes");
            return false;
        }
        at = byte == '\n' ? Position{.line = at.line + 1, .column = 1}
                          : Position{.line = at.line, .column = at.column + 1};
    }
    return true;
}

/// The place of the first byte that is not UTF-8.
Position first_invalid(std::string_view text) {
    int line = 1;
    for (const std::string_view one : split(text, '\n')) {
        std::size_t end = 0;
        while (end < one.size() && is_valid_utf8(one.substr(0, end + 1))) ++end;
        // A prefix may end inside a character: only a line that is invalid as a whole counts.
        if (!is_valid_utf8(one)) return {.line = line, .column = static_cast<int>(end) + 1};
        ++line;
    }
    return {.line = 1, .column = 1};
}

/// Runs yaml-cpp. A problem beyond the file's last line is one of the end of the file.
void parse(const std::string& padded, TreeBuilder& builder, int lines, const Reader& reader) {
    try {
        std::istringstream stream(padded);
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) return;
        Node& root = builder.root();
        const bool whole =
            root.kind == Kind::map && !root.entries.empty() && root.entries.back().key == sentinel;
        if (whole) {
            root.entries.pop_back();
            return;
        }
        reader.error(builder.last(),
                     root.kind == Kind::map ? "what follows here is not part of the document"
                                            : "the file must be a mapping (key: value)",
                     "one document a file; look for a quote that never ends, or a second `---`");
    } catch (const YAML::Exception& problem) {
        const Position at = position(problem.mark);
        if (at.line > lines) {
            reader.error(builder.last(), "something that begins at or after this place never ends",
                         "look for a missing quote, bracket or brace (" + problem.msg + ")");
        } else {
            reader.error(at, "not readable as YAML: " + problem.msg);
        }
    }
}

}  // namespace

std::optional<Node> read_yaml(const std::string& file, std::string_view text,
                              Diagnostics& diagnostics, const YamlBounds& bounds) {
    Diagnostics found;
    const Reader reader{.file = file, .diagnostics = found};
    std::optional<Node> root;
    if (text.size() > bounds.bytes_max) {
        reader.error({}, "the file is larger than " + std::to_string(bounds.bytes_max) + " bytes");
    } else if (!is_valid_utf8(text)) {
        reader.error(first_invalid(text), "the file is not UTF-8 from here on");
    } else if (check_bytes(text, reader)) {
        std::string padded(text);
        padded += "\n" + std::string(sentinel) + ": 1\n";
        TreeBuilder builder(text, reader, bounds.depth_max);
        const int lines = static_cast<int>(split(text, '\n').size());
        parse(padded, builder, lines, reader);
        if (!found.has_errors()) root = std::move(builder.root());
    }
    diagnostics.merge(found);
    return root;
}

}  // namespace tocsin::schema
