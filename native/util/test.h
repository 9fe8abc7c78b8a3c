// A small test harness: TEST(name) { EXPECT(…); } and, once a program, RUN_TESTS(). Checks do not stop a test.
#ifndef TRAINPROOF_UTIL_TEST_H_
#define TRAINPROOF_UTIL_TEST_H_

#include <cstdio>
#include <cstring>
#include <exception>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace trainproof::test {

struct Case {
  const char* name;
  void (*body)();
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

inline unsigned& failures_of_case() {
  static unsigned count = 0;
  return count;
}

struct Registration {
  Registration(const char* name, void (*body)()) { cases().push_back({name, body}); }
};

inline const char*& current_case() {
  static const char* name = "";
  return name;
}

inline void fail(const char* file, int line, const std::string& message) {
  const char* slash = std::strrchr(file, '/');
  // One broken loop must not drown the rest.
  if (++failures_of_case() <= 10) {
    std::printf("FAIL %s %s:%d %s\n", current_case(), slash ? slash + 1 : file, line, message.c_str());
  }
}

template <class T>
constexpr bool is_number = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
                           sizeof(T) <= 8;

template <class A, class B>
bool equal(const A& a, const B& b) {
  if constexpr (is_number<A> && is_number<B>) {
    return std::cmp_equal(a, b);
  } else {
    return a == b;
  }
}

template <class T>
std::string show(const T& value) {
  if constexpr (is_number<T>) {
    return std::to_string(value);
  } else if constexpr (requires(std::ostringstream& out) { out << value; }) {
    std::ostringstream out;
    out << value;
    return out.str();
  } else {
    return "(value)";
  }
}

template <class A, class B>
void expect_equal(const A& a, const B& b, const char* a_text, const char* b_text, const char* file, int line) {
  if (!equal(a, b)) fail(file, line, std::string(a_text) + " == " + b_text + ": " + show(a) + " vs " + show(b));
}

inline int run_all() {
  unsigned passed = 0, failed = 0;
  for (const Case& test : cases()) {
    failures_of_case() = 0;
    current_case() = test.name;
    try {
      test.body();
    } catch (const std::exception& e) {
      fail("", 0, std::string("threw: ") + e.what());
    } catch (...) {
      fail("", 0, "threw something that is no std::exception");
    }
    if (failures_of_case() == 0) {
      ++passed;
      std::printf("ok %s\n", test.name);
    } else {
      ++failed;
    }
    std::fflush(stdout);
  }
  std::printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace trainproof::test

#define TEST(name)                                                                      \
  static void test_##name();                                                            \
  static const ::trainproof::test::Registration registration_##name(#name, test_##name); \
  static void test_##name()

#define EXPECT(condition)                                                       \
  do {                                                                          \
    if (!(condition)) ::trainproof::test::fail(__FILE__, __LINE__, #condition); \
  } while (false)

#define EXPECT_EQ(a, b) ::trainproof::test::expect_equal((a), (b), #a, #b, __FILE__, __LINE__)

// The exception must be of the type and its message contain the part.
#define EXPECT_THROWS(expression, Type, part)                                                      \
  do {                                                                                             \
    bool thrown_ = false;                                                                          \
    try {                                                                                          \
      static_cast<void>(expression);                                                               \
    } catch (const Type& e_) {                                                                     \
      thrown_ = true;                                                                              \
      if (std::string(e_.what()).find(part) == std::string::npos) {                                \
        ::trainproof::test::fail(__FILE__, __LINE__, std::string("unexpected message: ") + e_.what()); \
      }                                                                                            \
    }                                                                                              \
    if (!thrown_) ::trainproof::test::fail(__FILE__, __LINE__, #expression " did not throw " #Type); \
  } while (false)

#define RUN_TESTS() \
  int main() { return ::trainproof::test::run_all(); }

#endif  // TRAINPROOF_UTIL_TEST_H_
