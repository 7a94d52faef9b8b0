// Holds the whole repository to its house rules, and shows that each check is able to fail.

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/house_rules.hpp"

using namespace tocsin::support;

namespace {

using Check = std::function<Problems(const SourceFile&)>;

void check_all(const Check& check) {
    const std::vector<SourceFile> files = sources_below(".");
    REQUIRE(files.size() > 20);
    for (const SourceFile& file : files) {
        for (const std::string& problem : check(file)) FAIL_CHECK(problem);
    }
}

bool has_code(const SourceFile& file) {
    return file.is_cpp() || file.is_header();
}

std::string repeated(const std::string& line, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += line + "\n";
    return text;
}

struct Bad {
    std::string sentence;
    Check check;
    std::string path;
    std::string text;
    std::string complaint;  // empty: nothing to complain of
};

std::vector<Bad> layers_and_bans() {
    const std::string source = "lib/core/a.cpp";
    return {
        {"core may not look up", layer_problems, source, "#include \"shell/store.hpp\"",
         "lib/core/a.cpp:1: core may not include shell"},
        {"shell may not see config", layer_problems, "lib/shell/a.cpp",
         "\n#include \"config/config.hpp\"", "lib/shell/a.cpp:2: shell may not include config"},
        {"core may look down", layer_problems, source, "#include \"base/text.hpp\"", ""},
        {"includes are written from lib/", layer_problems, source, "#include \"state.hpp\"",
         "is not written from lib/"},
        {"no unknown layers", layer_problems, "lib/util/a.cpp", "", "no layer is called `util`"},
        {"heavy headers stay out of headers", heavy_header_problems, "lib/shell/a.hpp",
         "#include <boost/asio.hpp>", "<boost/asio.hpp> is heavy"},
        {"light ones may stand there", heavy_header_problems, "lib/shell/a.hpp",
         "#include <string>", ""},
        {"a clock in the core", ban_problems, source, "auto t = std::chrono::system_clock::now();",
         "take `now` as an argument"},
        {"the same in a comment", ban_problems, source, "// std::chrono::system_clock::now()", ""},
        {"the same in a string", ban_problems, source, "auto t = \"steady_clock::now()\";", ""},
        {"the same in a raw string", ban_problems, source, "auto t = R\"x(throw \")\" )x\";", ""},
        {"the one file that asks the time", ban_problems, "lib/shell/clock.cpp",
         "return std::chrono::system_clock::now();", ""},
        {"sleeping", ban_problems, "lib/shell/a.cpp", "std::this_thread::sleep_for(x);",
         "Runtime::at()"},
        {"a thread", ban_problems, source, "#include <thread>", "post a task to the Runtime"},
        {"a mutex", ban_problems, "lib/shell/engine.cpp", "std::mutex m;", "post a task"},
        {"chance", ban_problems, source, "int x = rand();", "use shell::Random"},
        {"a longer word", ban_problems, source, "int x = operand();", ""},
        {"a digit separator opens no literal", ban_problems, source, "int x = 1'000; throw x;",
         "return a Result"},
        {"throwing", ban_problems, source, "throw 1;", "return a Result"},
        {"catching", ban_problems, source, "} catch (...) {", "wrap the throwing library"},
        {"catching in a wrapper", ban_problems, "lib/schema/yaml.cpp", "} catch (...) {", ""},
        {"a macro", ban_problems, source, "#define X 1", "write a constant"},
        {"slow regular expressions", ban_problems, source, "#include <regex>", "use RE2"},
        {"streams", ban_problems, source, "#include <iostream>", "return the text"},
    };
}

std::vector<Bad> lengths_and_shapes() {
    const std::string source = "lib/core/a.cpp";
    const std::string header = "lib/core/a.hpp";
    const std::string body = repeated("    work();", 69);
    return {
        {"400 lines", length_problems, source, repeated("x", 400), ""},
        {"401 lines", length_problems, source, repeated("x", 401), "has 401 lines, at most 400"},
        {"151 lines of header", length_problems, header, repeated("x", 151), "at most 150"},
        {"100 columns of umlauts", length_problems, source,
         [] {
             std::string line;
             for (int i = 0; i < 100; ++i) line += "ü";
             return line;
         }(),
         ""},
        {"101 columns", length_problems, source, std::string(101, 'x'), "101 columns"},
        {"a function of 71 lines", function_problems, source, "void f(int a) {\n" + body + "}\n",
         "lib/core/a.cpp:1: the function has 71 lines"},
        {"a function of 70 lines", function_problems, source,
         "void f(int a) {\n" + body.substr(12) + "}\n", ""},
        {"a long method", function_problems, source,
         "namespace x {\nclass A {\npublic:\nvoid f() const {\n" + body + "}\n};\n}\n",
         "lib/core/a.cpp:4: the function has 71 lines"},
        {"a long class and a long table are no functions", function_problems, source,
         "class A {\n" + repeated("int x_;", 90) + "};\nconst T table = {\n" + repeated("1,", 90) +
             "};\n",
         ""},
        {"a header without pragma once", purpose_problems, header, "// Says why.\n",
         "a header begins with"},
        {"a header without a sentence", purpose_problems, header, "#pragma once\n\n",
         "lib/core/a.hpp:2: begin with a comment"},
        {"a sentence without its full stop", purpose_problems, source,
         "// Everything about the alerts\n", "with its full stop"},
        {"a sentence on two lines", purpose_problems, source,
         "// Everything about the alerts\n// and their owners.\n", ""},
        {"a script", purpose_problems, "tests/a.sh", "#!/bin/sh\n# Runs all of the tests.\n", ""},
        {"work left for later", marker_problems, source,
         "// TO"
         "DO: finish",
         "is left"},
        {"a global", global_problems, source, "namespace {\nint counter = 0;\n}",
         "lib/core/a.cpp:2: `int counter = 0` is a global"},
        {"a global with braces", global_problems, source, "std::vector<int> all{1, 2};",
         "is a global"},
        {"a global that cannot change", global_problems, source, "constexpr int bound = 7;", ""},
        {"functions, types and aliases are no globals", global_problems, source,
         "int f(int a = 1);\nusing A = int;\nstruct B { int c = 0; };\nenum class C { d };\n"
         "bool operator==(const B&, const B&) = default;\n",
         ""},
        {"what a function keeps", global_problems, source, "void f() {\n    static int calls;\n}",
         "lib/core/a.cpp:2: a function keeps"},
        {"a constant that a function keeps", global_problems, source,
         "void f() {\n    static const int calls = 1;\n}", ""},
        {"a static method", global_problems, source, "struct A {\n    static int f();\n};", ""},
    };
}

}  // namespace

TEST_CASE("each check of the house rules is able to fail, and is quiet on good text") {
    std::vector<Bad> rows = layers_and_bans();
    for (Bad& row : lengths_and_shapes()) rows.push_back(row);
    for (const Bad& row : rows) {
        INFO(row.sentence);
        const Problems problems = row.check(source_file(row.path, row.text));
        if (row.complaint.empty()) {
            CHECK(problems == Problems{});
        } else {
            REQUIRE(problems.size() == 1);
            CHECK(problems[0].find(row.complaint) != std::string::npos);
        }
    }
    std::vector<SourceFile> three;
    for (const char* path : {"lib/shell/a.cpp", "lib/shell/b.cpp", "daemon/c.cpp"}) {
        three.push_back(source_file(path, "#include <nlohmann/json.hpp>"));
    }
    REQUIRE(heavy_header_counts(three).size() == 1);
    CHECK(heavy_header_counts({three[0], three[1]}).empty());
    CHECK(test_cases_in(source_file("a.cpp", "TEST_CASE(\"x\") {}\n// TEST_CASE(\"y\")\n")) == 1);
}

TEST_CASE("includes point downward only") {
    check_all(layer_problems);
}

TEST_CASE("heavy headers stand in few files, none of them a header") {
    check_all(heavy_header_problems);
    for (const std::string& problem : heavy_header_counts(sources_below("."))) FAIL_CHECK(problem);
}

TEST_CASE("clocks, chance, threads, exceptions and macros stay where they belong") {
    check_all(ban_problems);
}

TEST_CASE("files, headers and lines are short") {
    check_all(length_problems);
}

TEST_CASE("functions are short") {
    check_all([](const SourceFile& file) {
        return has_code(file) ? function_problems(file) : Problems{};
    });
}

TEST_CASE("each file says in its first sentence what it is for") {
    check_all(purpose_problems);
}

TEST_CASE("nothing is left for later") {
    check_all(marker_problems);
}

TEST_CASE("nothing global can change") {
    check_all(
        [](const SourceFile& file) { return has_code(file) ? global_problems(file) : Problems{}; });
}

namespace {

/// What `program --count` says, or nullopt when it cannot be run.
std::optional<std::size_t> counted_by(const std::filesystem::path& program) {
    FILE* pipe = popen(("'" + program.string() + "' --count 2>/dev/null").c_str(), "r");
    if (pipe == nullptr) return std::nullopt;
    std::array<char, 4096> buffer{};
    const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), pipe);
    pclose(pipe);
    const std::string text(buffer.data(), length);
    const std::size_t colon = text.find("filters: ");
    if (colon == std::string::npos) return std::nullopt;
    return std::stoul(text.substr(colon + 9));
}

struct Program {
    std::size_t cases = 0;
    std::filesystem::file_time_type newest_source{};
};

}  // namespace

TEST_CASE("every test case that is written is also built") {
    std::map<std::string, Program> programs;
    for (const SourceFile& file : sources_below(".")) {
        if (!file.path.starts_with("tests/") || !file.path.ends_with("_test.cpp")) continue;
        const std::string folder = std::filesystem::path(file.path).parent_path().filename();
        Program& program = programs[folder == "tests" ? "repository" : folder];
        program.cases += test_cases_in(file);
        program.newest_source =
            std::max(program.newest_source, std::filesystem::last_write_time(file.path));
    }
    REQUIRE(programs.contains("repository"));
    const auto built = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const auto& [name, program] : programs) {
        const std::filesystem::path binary = built / (name + "_tests");
        if (!std::filesystem::exists(binary) ||
            std::filesystem::last_write_time(binary) < program.newest_source) {
            MESSAGE(name << "_tests is not built, or older than its sources: not counted");
            continue;
        }
        INFO(binary.string());
        CHECK(counted_by(binary) == program.cases);
    }
}
