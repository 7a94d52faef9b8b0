// Reads source files, blanks comments and literals, and finds the blocks in braces.

#include "support/source_text.hpp"

#include <algorithm>
#include <cctype>

#include "support/shared_data.hpp"

namespace tocsin::support {

namespace {

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Walks over a text once and copies only what is code.
class Masker {
public:
    explicit Masker(std::string_view text) : text_(text) { code_.reserve(text.size()); }

    std::string run() {
        while (at_ < text_.size()) {
            if (starts("//")) {
                blank_until("\n", false);
            } else if (starts("/*")) {
                blank_until("*/", true);
            } else if (starts("R\"") && !follows_word()) {
                raw_string();
            } else if (text_[at_] == '"' || (text_[at_] == '\'' && !follows_word())) {
                literal(text_[at_]);
            } else {
                code_ += text_[at_++];
            }
        }
        return std::move(code_);
    }

private:
    [[nodiscard]] bool starts(std::string_view token) const {
        return text_.substr(at_).starts_with(token);
    }
    /// A quote after a letter or digit is a digit separator; an R after one ends an identifier.
    [[nodiscard]] bool follows_word() const { return at_ > 0 && is_word_character(text_[at_ - 1]); }

    void blank(std::size_t count) {
        for (; count > 0 && at_ < text_.size(); --count, ++at_) {
            code_ += text_[at_] == '\n' ? '\n' : ' ';
        }
    }
    void blank_until(std::string_view end, bool inclusive) {
        const std::size_t found = text_.find(end, at_);
        const std::size_t stop = found == std::string_view::npos ? text_.size() : found;
        blank(stop - at_ + (inclusive ? end.size() : 0));
    }
    void raw_string() {
        const std::size_t open = text_.find('(', at_);
        const std::string end = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
        blank_until(end, true);
        code_.back() = '"';
    }
    void literal(char quote) {
        const bool include = code_.ends_with("#include ");
        code_ += text_[at_++];
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
            if (include) {
                code_ += text_[at_++];  // the layer check reads these
            } else {
                blank(text_[at_] == '\\' ? 2 : 1);
            }
        }
        if (at_ < text_.size() && text_[at_] == quote) code_ += text_[at_++];
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string code_;
};

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\n") - first + 1));
}

/// Preprocessor lines, with what they continue, are no part of any block.
std::string without_directives(std::string code) {
    bool directive = false;
    std::size_t start = 0;
    while (start < code.size()) {
        const std::size_t end = std::min(code.find('\n', start), code.size());
        const std::size_t first = code.find_first_not_of(" \t", start);
        if (first < end && code[first] == '#') directive = true;
        const bool continues = end > start && code[end - 1] == '\\';
        if (directive)
            std::fill(code.begin() + static_cast<std::ptrdiff_t>(start),
                      code.begin() + static_cast<std::ptrdiff_t>(end), ' ');
        directive = directive && continues;
        start = end + 1;
    }
    return code;
}

BlockKind kind_of(const std::string& header, BlockKind parent) {
    if (parent == BlockKind::function || parent == BlockKind::other) return BlockKind::other;
    if (has_word(header, "namespace") || header.starts_with("extern \"")) {
        return BlockKind::name_space;
    }
    if (header.ends_with('=') || header.ends_with(',') || header.ends_with('(')) {
        return BlockKind::other;
    }
    const bool parentheses = header.find('(') != std::string::npos;
    if (parentheses) return BlockKind::function;
    for (const char* word : {"struct", "class", "union", "enum"}) {
        if (has_word(header, word)) return BlockKind::type;
    }
    return BlockKind::other;
}

}  // namespace

std::size_t find_word(std::string_view code, std::string_view word, std::size_t from) {
    for (std::size_t at = code.find(word, from); at != std::string_view::npos;
         at = code.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool starts =
            at == 0 || !is_word_character(code[at - 1]) || !is_word_character(word.front());
        const bool ends =
            end == code.size() || !is_word_character(code[end]) || !is_word_character(word.back());
        if (starts && ends) return at;
    }
    return std::string_view::npos;
}

bool has_word(std::string_view code, std::string_view word) {
    return find_word(code, word) != std::string_view::npos;
}

std::size_t line_of(std::string_view text, std::size_t at) {
    return 1 + static_cast<std::size_t>(std::count(
                   text.begin(),
                   text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())), '\n'));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

namespace {

/// Behind `public:` and the like, which belong to no member.
std::size_t after_labels(std::string_view code, std::size_t start) {
    for (const std::string_view label : {"public:", "protected:", "private:"}) {
        const std::size_t first = code.find_first_not_of(" \t\n", start);
        if (first == std::string_view::npos) return start;
        if (code.substr(first).starts_with(label)) return first + label.size();
    }
    return start;
}

/// Goes over braces and semicolons; calls back at the end of each block and statement.
template <class OnBlock, class OnStatement>
void walk(const SourceFile& file, OnBlock on_block, OnStatement on_statement) {
    const std::string code = without_directives(file.code);
    std::vector<Block> open;
    std::size_t start = 0;  // of what will be a header or a statement
    int parentheses = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const char c = code[at];
        if (c == '(') ++parentheses;
        if (c == ')') --parentheses;
        if (c != '{' && c != '}' && (c != ';' || parentheses > 0)) continue;
        const BlockKind inside = open.empty() ? BlockKind::name_space : open.back().kind;
        start = after_labels(code, start);
        const std::string before = trimmed(std::string_view(code).substr(start, at - start));
        const std::size_t first = code.find_first_not_of(" \t\n", start);
        if (c == '{') {
            open.push_back({kind_of(before, inside), inside, before, line_of(code, first), 0});
        } else if (c == '}' && !open.empty()) {
            open.back().last_line = line_of(code, at);
            on_block(open.back());
            open.pop_back();
        } else if (c == ';' && inside == BlockKind::name_space && !before.empty()) {
            on_statement(Statement{before, line_of(code, first)});
        }
        start = at + 1;
    }
}

}  // namespace

std::vector<Block> blocks_of(const SourceFile& file) {
    std::vector<Block> blocks;
    walk(
        file, [&](const Block& block) { blocks.push_back(block); }, [](const Statement&) {});
    return blocks;
}

std::vector<Statement> namespace_statements(const SourceFile& file) {
    std::vector<Statement> statements;
    walk(
        file,
        [&](const Block& block) {  // `int counter{1};` is an object too
            if (block.parent == BlockKind::name_space && block.kind == BlockKind::other) {
                statements.push_back({block.header, block.first_line});
            }
        },
        [&](const Statement& statement) { statements.push_back(statement); });
    return statements;
}

SourceFile source_file(std::string path, std::string text) {
    SourceFile file{std::move(path), std::move(text), {}};
    if (file.is_cpp() || file.is_header()) file.code = Masker(file.text).run();
    return file;
}

std::vector<SourceFile> sources_below(const std::filesystem::path& root) {
    std::vector<SourceFile> files;
    for (const char* folder : {"daemon", "lib", "tests"}) {
        if (!std::filesystem::exists(root / folder)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            if (!entry.is_regular_file()) continue;
            const std::string path = entry.path().lexically_relative(root).generic_string();
            const std::string suffix = entry.path().extension().string();
            const bool wanted =
                suffix == ".hpp" || suffix == ".cpp" || suffix == ".cmake" || suffix == ".sh";
            if (wanted) files.push_back(source_file(path, read_file(entry.path())));
        }
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return files;
}

}  // namespace tocsin::support
