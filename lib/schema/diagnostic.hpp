#pragma once
// Diagnostic: one problem in one file, printed as file:line:col with the source line and a caret.

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::schema {

enum class Level { error, warning };

struct Position {
    int line = 0;    // 1-based; 0: the file as a whole
    int column = 0;  // 1-based, in bytes of the line
    bool operator==(const Position&) const = default;
};

struct Diagnostic {
    Level level = Level::error;
    std::string file;
    Position at;
    std::string message;  // one sentence: what is wrong
    std::string hint;     // what to do; "did you mean `severity`?"; may be empty
    bool secret = false;  // the source line holds one: it is not shown
    bool operator==(const Diagnostic&) const = default;
};

/// All problems of all files, in the order found; `sorted()` by file, line and column.
class Diagnostics {
public:
    void error(std::string file, Position at, std::string message, std::string hint = {});
    void warning(std::string file, Position at, std::string message, std::string hint = {});
    void add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
    void merge(const Diagnostics& others);
    [[nodiscard]] bool has_errors() const;
    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] std::vector<Diagnostic> sorted() const;

private:
    std::vector<Diagnostic> list_;
};

/// `file:line:col: error: message`, the source line (control characters escaped, at most 160
/// bytes around the column), a caret under the column, and the hint. `text` is the file's content.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, std::string_view text);

}  // namespace tocsin::schema
