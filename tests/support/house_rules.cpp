// Checks source files against the house rules: layers, heavy headers, bans, lengths, globals.

#include "support/house_rules.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace tocsin::support {

namespace {

std::string place(const SourceFile& file, std::size_t line) {
    return file.path + ":" + std::to_string(line) + ": ";
}

bool is_under(const SourceFile& file, const std::vector<std::string>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string& prefix) { return file.path.starts_with(prefix); });
}

bool is_product(const SourceFile& file) {
    return file.path.starts_with("lib/") || file.path.starts_with("daemon/");
}

struct Include {
    std::string name;
    bool quoted = false;
    std::size_t line = 0;
};

std::vector<Include> includes_of(const SourceFile& file) {
    constexpr std::string_view directive = "#include ";
    std::vector<Include> includes;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.code)) {
        ++number;
        if (!line.starts_with(directive) || line.size() < directive.size() + 2) continue;
        const std::string_view name = line.substr(directive.size() + 1);
        includes.push_back({std::string(name.substr(0, name.find_first_of(">\""))),
                            line[directive.size()] == '"', number});
    }
    return includes;
}

struct Layer {
    std::string name;
    std::vector<std::string> may_include;
};

const std::vector<Layer>& layers() {
    static const std::vector<Layer> table = {
        {"base", {"base"}},
        {"promql", {"promql", "base"}},
        {"schema", {"schema", "base"}},
        {"core", {"core", "promql", "base"}},
        {"integrations", {"integrations", "core", "schema", "base"}},
        {"config", {"config", "integrations", "core", "schema", "promql", "base"}},
        {"shell", {"shell", "integrations", "core", "schema", "promql", "base"}},
    };
    return table;
}

struct Heavy {
    std::string prefix;
    std::size_t files_max;  // in lib/ and daemon/ together
};

const std::vector<Heavy>& heavy_headers() {
    static const std::vector<Heavy> table = {
        {"nlohmann/", 2}, {"boost/", 3},      {"httplib", 1}, {"yaml-cpp/", 1}, {"spdlog/", 1},
        {"sqlite3.h", 3}, {"prometheus/", 1}, {"CLI/", 1},    {"re2/", 4},      {"systemd/", 1},
        {"openssl/", 4},  {"curl/", 1},       {"date/", 1},
    };
    return table;
}

struct Ban {
    std::string word;
    std::vector<std::string> allowed;  // path prefixes
    std::string instead;
};

const std::vector<Ban>& bans() {
    using Paths = std::vector<std::string>;
    const Paths clock = {"lib/shell/clock.cpp", "lib/shell/runtime_threads", "tests/end_to_end/",
                         "tests/support/", "tests/bench/"};
    Paths timed = clock;
    timed.emplace_back("tests/shell/");
    const Paths threads = {"lib/shell/runtime_threads",
                           "lib/shell/listener",
                           "lib/shell/net_",
                           "tests/shell/",
                           "lib/shell/reader_thread",
                           "lib/shell/signals",
                           "tests/end_to_end/",
                           "tests/support/",
                           "tests/bench/"};
    const Paths random = {"lib/shell/random.cpp", "tests/support/"};
    const Paths wrapping = {"lib/schema/yaml.cpp", "lib/config/zones.cpp", "lib/integrations/json",
                            "lib/shell/listener",  "lib/shell/net_",       "lib/shell/log",
                            "lib/shell/metrics",   "daemon/main.cpp",      "daemon/command"};
    const std::string now = "take `now` as an argument, or ask Runtime::now()";
    const std::string wait = "order a task with Runtime::at(), or poll a descriptor";
    const std::string chance = "use shell::Random";
    const std::string thread = "post a task to the Runtime";
    const std::string result = "return a Result or Status";
    static const std::vector<Ban> table = {
        {"system_clock::now", timed, now},
        {"steady_clock::now", timed, now},
        {"high_resolution_clock::now", timed, now},
        {"gettimeofday", timed, now},
        {"clock_gettime", timed, now},
        {"time(nullptr)", timed, now},
        {"sleep_for", clock, wait},
        {"sleep_until", clock, wait},
        {"usleep", clock, wait},
        {"nanosleep", clock, wait},
        {"random_device", random, chance},
        {"srand", {}, chance},
        {"rand", {}, chance},
        {"<thread>", threads, thread},
        {"<mutex>", threads, thread},
        {"<condition_variable>", threads, thread},
        {"<future>", threads, thread},
        {"std::thread", threads, thread},
        {"std::jthread", threads, thread},
        {"std::mutex", threads, thread},
        {"std::async", {}, thread},
        {"throw", {}, result},
        {"catch", wrapping, "wrap the throwing library in its one file, " + result},
        {"#define", {"tests/main.cpp"}, "write a constant or a function"},
        {"<regex>", {}, "use RE2 (a base::Matcher for labels)"},
        {"std::regex", {}, "use RE2 (a base::Matcher for labels)"},
        {"<iostream>", {}, "return the text; daemon/ prints with std::fputs, the shell logs"},
        {"const_cast", {}, "pass what may be changed as such"},
    };
    return table;
}

}  // namespace

Problems layer_problems(const SourceFile& file) {
    Problems problems;
    if (!file.path.starts_with("lib/")) return problems;
    const std::string inside = file.path.substr(4);
    const std::string own = inside.substr(0, inside.find('/'));
    const auto layer = std::find_if(layers().begin(), layers().end(),
                                    [&](const Layer& candidate) { return candidate.name == own; });
    if (layer == layers().end()) {
        return {place(file, 1) + "no layer is called `" + own + "`; see design §7"};
    }
    for (const Include& include : includes_of(file)) {
        if (!include.quoted) continue;
        const std::size_t slash = include.name.find('/');
        const std::string target = include.name.substr(0, slash);
        if (slash == std::string::npos || target.starts_with(".")) {
            problems.push_back(place(file, include.line) + "\"" + include.name +
                               "\" is not written from lib/; write \"" + own + "/" +
                               include.name.substr(include.name.find_last_of('/') + 1) + "\"");
        } else if (std::find(layer->may_include.begin(), layer->may_include.end(), target) ==
                   layer->may_include.end()) {
            problems.push_back(place(file, include.line) + own + " may not include " + target +
                               "; includes point downward only: move the type down, or hand the "
                               "value in from above");
        }
    }
    return problems;
}

Problems heavy_header_problems(const SourceFile& file) {
    Problems problems;
    if (!file.is_header() || !is_product(file)) return problems;
    for (const Include& include : includes_of(file)) {
        for (const Heavy& heavy : heavy_headers()) {
            if (!include.name.starts_with(heavy.prefix)) continue;
            problems.push_back(place(file, include.line) + "<" + include.name +
                               "> is heavy; include it in a .cpp file and declare a value type of "
                               "our own here");
        }
    }
    return problems;
}

Problems heavy_header_counts(const std::vector<SourceFile>& files) {
    Problems problems;
    for (const Heavy& heavy : heavy_headers()) {
        std::vector<std::string> users;
        for (const SourceFile& file : files) {
            if (!is_product(file)) continue;
            const std::vector<Include> includes = includes_of(file);
            if (std::any_of(includes.begin(), includes.end(), [&](const Include& include) {
                    return include.name.starts_with(heavy.prefix);
                })) {
                users.push_back(file.path);
            }
        }
        if (users.size() <= heavy.files_max) continue;
        std::string problem = "<" + heavy.prefix + "…> is included by " +
                              std::to_string(users.size()) + " files, at most " +
                              std::to_string(heavy.files_max) + " may; use their functions:";
        for (const std::string& user : users) problem += " " + user;
        problems.push_back(problem);
    }
    return problems;
}

Problems ban_problems(const SourceFile& file) {
    Problems problems;
    for (const Ban& ban : bans()) {
        if (is_under(file, ban.allowed)) continue;
        for (std::size_t at = find_word(file.code, ban.word); at != std::string::npos;
             at = find_word(file.code, ban.word, at + 1)) {
            problems.push_back(place(file, line_of(file.code, at)) + "`" + ban.word +
                               "` is not for this file; " + ban.instead);
        }
    }
    return problems;
}

Problems length_problems(const SourceFile& file) {
    constexpr std::size_t columns_max = 100;
    const std::size_t lines_max = file.is_header() ? 150 : 400;
    Problems problems;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
        ++number;
        const auto columns =
            static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
                return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            }));
        if (columns > columns_max) {
            problems.push_back(place(file, number) + "the line has " + std::to_string(columns) +
                               " columns, at most 100; run clang-format");
        }
    }
    if (number > lines_max) {
        problems.push_back(place(file, number) + "the file has " + std::to_string(number) +
                           " lines, at most " + std::to_string(lines_max) +
                           "; split it by concept");
    }
    return problems;
}

Problems function_problems(const SourceFile& file) {
    constexpr std::size_t lines_max = 70;
    Problems problems;
    if (file.path == "daemon/serve.cpp") return problems;  // the wiring, straight down
    for (const Block& block : blocks_of(file)) {
        const std::size_t lines = block.last_line - block.first_line + 1;
        if (block.kind != BlockKind::function || lines <= lines_max) continue;
        problems.push_back(place(file, block.first_line) + "the function has " +
                           std::to_string(lines) + " lines, at most 70; name its parts");
    }
    return problems;
}

Problems purpose_problems(const SourceFile& file) {
    const std::vector<std::string_view> lines = lines_of(file.text);
    std::size_t first = 0;
    std::string mark = "// ";
    if (file.is_header()) {
        if (lines.empty() || lines[0] != "#pragma once") {
            return {place(file, 1) + "a header begins with `#pragma once`"};
        }
        first = 1;
    } else if (!file.is_cpp()) {
        mark = "# ";
        if (!lines.empty() && lines[0].starts_with("#!")) first = 1;
    }
    std::string sentence;
    for (std::size_t i = first; i < lines.size() && lines[i].starts_with(mark); ++i) {
        sentence += lines[i];
    }
    constexpr std::size_t sentence_bytes_min = 20;
    if (sentence.size() < sentence_bytes_min || !sentence.ends_with('.')) {
        return {place(file, first + 1) +
                "begin with a comment of one sentence, with its full "
                "stop, that says what the file is for"};
    }
    return {};
}

Problems marker_problems(const SourceFile& file) {
    Problems problems;
    const std::array<std::string, 4> markers = {
        "TO"
        "DO",
        "FIX"
        "ME",
        "X"
        "XX",
        "HA"
        "CK"};
    for (const std::string& marker : markers) {
        for (std::size_t at = find_word(file.text, marker); at != std::string::npos;
             at = find_word(file.text, marker, at + 1)) {
            problems.push_back(place(file, line_of(file.text, at)) + "`" + marker +
                               "` is left; finish it, or say in a sentence why it is as it is");
        }
    }
    return problems;
}

namespace {

/// Declares an object that can change, as far as one can tell without a compiler.
bool is_mutable_object(const std::string& statement) {
    for (const char* word :
         {"const", "constexpr", "using", "typedef", "struct", "class", "enum", "union", "friend",
          "namespace", "template", "static_assert", "operator", "extern", "asm"}) {
        if (has_word(statement, word)) return false;
    }
    const std::string declared = statement.substr(0, statement.find('='));
    return declared.find('(') == std::string::npos &&
           declared.find_first_of(" \n>*&") != std::string::npos;
}

}  // namespace

Problems global_problems(const SourceFile& file) {
    Problems problems;
    for (const Statement& statement : namespace_statements(file)) {
        if (!is_mutable_object(statement.code)) continue;
        problems.push_back(place(file, statement.line) + "`" + statement.code +
                           "` is a global that can change; hand it in as an argument");
    }
    for (const Block& block : blocks_of(file)) {
        if (block.kind != BlockKind::function) continue;
        const std::vector<std::string_view> lines = lines_of(file.code);
        for (std::size_t i = block.first_line; i < block.last_line && i < lines.size(); ++i) {
            const bool kept = has_word(lines[i], "static") || has_word(lines[i], "thread_local");
            if (!kept || has_word(lines[i], "const") || has_word(lines[i], "constexpr")) continue;
            problems.push_back(place(file, i + 1) +
                               "a function keeps an object that can change; "
                               "hand it in as an argument");
        }
    }
    return problems;
}

std::size_t test_cases_in(const SourceFile& file) {
    std::size_t count = 0;
    for (const std::string_view line : lines_of(file.code)) {
        if (line.starts_with("TEST_CASE(") || line.starts_with("TEST_CASE_FIXTURE(")) ++count;
    }
    return count;
}

}  // namespace tocsin::support
