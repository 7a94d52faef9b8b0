#pragma once
// Source files as the repository's own checks see them: masked code, and its blocks in braces.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::support {

struct SourceFile {
    std::string path;  // from the repository's root, with slashes
    std::string text;
    std::string code;  // the text with comments and the inside of literals blanked, lines kept

    [[nodiscard]] bool is_cpp() const { return path.ends_with(".cpp"); }
    [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
};

[[nodiscard]] SourceFile source_file(std::string path, std::string text);

/// Every .hpp and .cpp under daemon/, lib/ and tests/, and every CMake file and script beside them.
[[nodiscard]] std::vector<SourceFile> sources_below(const std::filesystem::path& root);

enum class BlockKind { name_space, type, function, other };

/// What stands between one pair of braces.
struct Block {
    BlockKind kind = BlockKind::other;
    BlockKind parent = BlockKind::name_space;
    std::string header;  // the code between the previous `;`, `{` or `}` and the opening brace
    std::size_t first_line = 0;  // of the header, 1-based
    std::size_t last_line = 0;
};

[[nodiscard]] std::vector<Block> blocks_of(const SourceFile& file);

/// A statement that ends with `;` outside every function and type.
struct Statement {
    std::string code;
    std::size_t line = 0;
};
[[nodiscard]] std::vector<Statement> namespace_statements(const SourceFile& file);

[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
/// The 1-based line of a byte.
[[nodiscard]] std::size_t line_of(std::string_view text, std::size_t at);
[[nodiscard]] bool has_word(std::string_view code, std::string_view word);
/// Where `word` next stands by itself (not inside a longer identifier), or npos.
[[nodiscard]] std::size_t find_word(std::string_view code, std::string_view word,
                                    std::size_t from = 0);

}  // namespace tocsin::support
