// README.md names only paths and commands that exist.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/shared_data.hpp"
#include "support/source_text.hpp"

namespace {

bool is_path_character(char c) {
    return std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/*")
               .find(c) != std::string_view::npos;
}

/// Words of the text that begin with one of the repository's own folders.
std::set<std::string> paths_named(std::string_view text) {
    std::set<std::string> paths;
    std::string word;
    for (const char c : std::string(text) + " ") {
        if (is_path_character(c)) {
            word += c;
            continue;
        }
        while (word.ends_with('.') || word.ends_with('/')) word.pop_back();
        for (const char* folder : {"daemon/", "lib/", "rules/", "tests/", "deploy/", "systemd/"}) {
            const bool pattern = word.find('*') != std::string::npos;
            if (word.starts_with(folder) && !pattern) paths.insert(word);
        }
        word.clear();
    }
    return paths;
}

/// The word after each `tocsin ` that begins a command: in backticks or at the start of a line.
std::set<std::string> commands_named(std::string_view text) {
    std::set<std::string> commands;
    constexpr std::string_view program = "tocsin ";
    for (std::size_t at = text.find(program); at != std::string_view::npos;
         at = text.find(program, at + 1)) {
        const char before = at == 0 ? '\n' : text[at - 1];
        const bool shell_line = at >= 2 && text.substr(at - 2, 2) == "$ ";
        if (before != '`' && before != '/' && !shell_line) continue;
        std::size_t end = at + program.size();
        while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '-')) {
            ++end;
        }
        const std::string word(text.substr(at + program.size(), end - at - program.size()));
        if (!word.empty() && !word.starts_with('-')) commands.insert(word);
    }
    return commands;
}

}  // namespace

TEST_CASE("paths and commands are found in prose, and only there where they are meant") {
    const char* text =
        "See `lib/core/step.cpp`, lib/base/ and rules/*.yaml; /usr/lib/x is not.\n"
        "Run `tocsin check --config F` or build/tocsin show INC-1.\n"
        "    $ tocsin status\nThe tocsin rings. `tocsin --help`";
    CHECK(paths_named(text) == std::set<std::string>{"lib/base", "lib/core/step.cpp"});
    CHECK(commands_named(text) == std::set<std::string>{"check", "show", "status"});
}

TEST_CASE("every path in README.md exists") {
    if (!std::filesystem::exists("README.md")) {
        MESSAGE("skipped: there is no README.md yet");
        return;
    }
    const std::set<std::string> paths = paths_named(tocsin::support::read_file("README.md"));
    CHECK_FALSE(paths.empty());
    for (const std::string& path : paths) {
        INFO(path);
        CHECK(std::filesystem::exists(path));
    }
}

TEST_CASE("every command in README.md exists") {
    if (!std::filesystem::exists("README.md") || !std::filesystem::exists("daemon")) {
        MESSAGE("skipped: there is no README.md or daemon/ yet");
        return;
    }
    std::string literals;  // a command is a row of a table in daemon/, its name a string there
    for (const auto& file : tocsin::support::sources_below(".")) {
        if (file.path.starts_with("daemon/")) literals += file.text;
    }
    for (const std::string& command : commands_named(tocsin::support::read_file("README.md"))) {
        INFO(command);
        CHECK(literals.find('"' + command + '"') != std::string::npos);
    }
}
