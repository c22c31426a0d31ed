# Every library of the house is made here: its flags belong to the target, nothing is global.
#   cosetta_library(name SOURCES ... PUBLIC ... PRIVATE ...)   static library cosetta_<name>, alias cosetta::<name>
function(cosetta_flags target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion>
    # Designated initializers leave out what has a default. g++ 12 sees overlaps in "x" + std::string (its bug 105651).
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>
    $<$<CXX_COMPILER_ID:GNU>:$<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>>)
  if(COSETTA_SANITIZE)
    target_compile_options(${target} PRIVATE
      $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${COSETTA_SANITIZE}> $<$<COMPILE_LANGUAGE:CXX>:-fno-omit-frame-pointer>)
    if(COSETTA_SANITIZE MATCHES "address" AND COSETTA_SANITIZE MATCHES "undefined")
      # Checks of pointers, which the address sanitizer makes in its way: they double the time that compilers take.
      target_compile_options(${target} PRIVATE
        $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize=null,alignment,object-size,vptr,pointer-overflow,nonnull-attribute,returns-nonnull-attribute>)
    endif()
    target_link_options(${target} PUBLIC -fsanitize=${COSETTA_SANITIZE})
  endif()
endfunction()

# Sources of one target are compiled some at a time, which takes a third of the time: most of it goes into headers and
# templates that they share. Sixteen take a fifth less than twice eight; with more, cores wait for the last unit.
# Each file still stands for itself: the preset `dev` compiles them one by one.
#   cosetta_unity(target [batch])
function(cosetta_unity target)
  set(batch 16)
  if(ARGC GREATER 1)
    set(batch ${ARGV1})
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${COSETTA_UNITY} UNITY_BUILD_BATCH_SIZE ${batch})
  if(COSETTA_UNITY)
    target_compile_options(${target} PRIVATE -Wno-shadow -Wno-subobject-linkage)  # of names and files that never meet
  endif()
endfunction()

# Test programs: quick to compile is worth more than quick to run, and what is under test is in the libraries. With the
# undefined-behaviour sanitizer on assertion macros, compilers take six times as long.
function(cosetta_test_flags target)
  cosetta_flags(${target})
  target_compile_options(${target} PRIVATE -O0 -g0)
  if(COSETTA_SANITIZE)
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
    target_compile_definitions(${target} PRIVATE COSETTA_SANITIZED)
  endif()
endfunction()

function(cosetta_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(cosetta_${name} STATIC ${arg_SOURCES})
  add_library(cosetta::${name} ALIAS cosetta_${name})
  set_target_properties(cosetta_${name} PROPERTIES EXPORT_NAME ${name})
  cosetta_flags(cosetta_${name})
  target_include_directories(cosetta_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cosetta>)
  target_link_libraries(cosetta_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  install(TARGETS cosetta_${name} EXPORT cosetta_targets)
endfunction()
