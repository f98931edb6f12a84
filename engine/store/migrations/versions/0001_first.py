order.total >
    E202 12-13 the expression ends where a value must follow 
order.total > 100 and
    E202 20-21 the expression ends where a value must follow 
and order.total > 100
    E202 0-3 a value is missing before and 
order.total > 100 or or true
    E202 21-23 a value is missing before or 
1 +
    E202 2-3 the expression ends where a value must follow 
* 2
    E202 0-1 a value is missing before * 
1 + * 2
    E202 4-5 a value is missing before * 
(1 + 2
    E205 0-1 this ( is never closed (add the missing ))
1 + 2)
    E205 5-6 this ) closes nothing (remove it, or open it with ()
[1, 2
    E205 0-1 this [ is never closed (add the missing ])
[1, 2))
    E205 5-6 this ) does not close what is open here (expected ])
{a: 1
    E205 0-1 this { is never closed (add the missing })
{a 1}
    E201 1-2 a cannot stand here (expected } or a name and then :)
{a: }
    E202 4-5 a value is missing before } 
{: 1}
    E201 1-2 : cannot stand here (expected } or a name and then :)
{a: 1, }
    E201 7-8 } cannot stand here (expected a name and then :)
[1, , 2]
    E202 4-5 a value is missing before , 
[1, 2,]
    E202 6-7 a value is missing before ] 
f(
    E205 1-2 this ( is never closed (add the missing ))
sum(order.lines.qty
    E205 3-4 this ( is never closed (add the missing ))
sum(,)
    E202 4-5 a value is missing before , 
sum(1, )
    E202 7-8 a value is missing before ) 
"never closed
    E203 0-13 this text is never closed (end it with a double quote ")
customer.tier = "gold
    E203 16-21 this text is never closed (end it with a double quote ")
/* no end
    E203 0-9 this comment is never closed (end it with */)
1 + /* no end
    E203 4-13 this comment is never closed (end it with */)
'gold'
    E204 0-1 the character ' has no meaning here (texts stand in double quotes: "...")
customer.tier = 'gold'
    E204 16-17 the character ' has no meaning here (texts stand in double quotes: "...")
customer.tier = “gold”
    E204 16-17 the character “ has no meaning here (texts stand in double quotes: "...")
order.total == 100
    E202 13-14 a value is missing before = (equality is written with one =)
order.total > 100 && true
    E204 18-19 the character & has no meaning here (write and)
order.total > 100 || true
    E204 18-19 the character | has no meaning here (write or)
!order.rush
    E204 0-1 the character ! has no meaning here (write not(...))
order.total <> 100
    E202 13-14 a value is missing before > (write !=)
order.total => 100
    E202 13-14 a value is missing before > (write >=)
order.total =< 100
    E202 13-14 a value is missing before < (write <=)
order.total % 2
    E204 12-13 the character % has no meaning here (write modulo(a, b))
order.total ^ 2
    E204 12-13 the character ^ has no meaning here (write **)
$total > 1
    E204 0-1 the character $ has no meaning here 
order.total # 3
    E204 12-13 the character # has no meaning here 
order..total
    E201 5-7 .. cannot stand here (a range stands in brackets: [1..5])
order.
    E208 5-6 the expression ends too early (expected the name of a field)
.total
    E202 0-1 a value is missing before . 
order.total.
    E208 11-12 the expression ends too early (expected the name of a field)
if order.rush then 1
    E208 19-20 the expression ends too early (expected else)
if order.rush 1 else 2
    E201 14-15 an operator is missing before 1 (expected then)
if then 1 else 2
    E202 3-7 a value is missing before then 
if order.rush then else 2
    E202 19-23 a value is missing before else 
if order.rush then 1 else
    E202 24-25 the expression ends where a value must follow 
for l in order.lines
    E208 19-20 the expression ends too early (expected return or , or ..)
for l order.lines return l
    E201 4-5 l cannot stand here (expected a name and then in)
for in order.lines return 1
    E201 4-6 in cannot stand here (expected a name and then in)
for l in return l
    E202 9-15 a value is missing before return 
for l in order.lines return
    E202 26-27 the expression ends where a value must follow 
some l in order.lines
    E208 20-21 the expression ends too early (expected satisfies or , or ..)
some l in order.lines satisfies
    E202 30-31 the expression ends where a value must follow 
every satisfies true
    E201 6-15 satisfies cannot stand here (expected a name and then in)
every l order.lines satisfies true
    E201 6-7 l cannot stand here (expected a name and then in)
some l in order.lines return l.hazmat
    E201 22-28 return cannot stand here (expected satisfies)
for l in order.lines satisfies l.hazmat
    E201 21-30 satisfies cannot stand here (expected return)
order.total between 1
    E208 20-21 the expression ends too early (expected and)
order.total between 1 or 2
    E201 22-24 or cannot stand here (expected and)
order.total between and 2
    E202 20-23 a value is missing before and 
order.total in
    E202 13-14 the expression ends where a value must follow 
order.total in (
    E205 15-16 this ( is never closed (add the missing ))
order.total in ()
    E202 16-17 a value is missing before ) 
order.total in (1, )
    E202 19-20 a value is missing before ) 
order.total in [1..
    E205 15-16 this [ is never closed (add the missing ])
order.total in [1..]
    E202 19-20 a value is missing before ] 
order.total in 1..5
    E201 16-18 .. cannot stand here (a range stands in brackets: [1..5])
[1..5
    E205 0-1 this [ is never closed (add the missing ])
1..5
    E201 1-3 .. cannot stand here (a range stands in brackets: [1..5])
function(a
    E205 8-9 this ( is never closed (add the missing ))
function(a) 
    E202 10-11 the expression ends where a value must follow 
function a + 1
    E201 9-10 a cannot stand here (expected ()
function(1) 2
    E201 9-10 1 cannot stand here (expected ) or the name of a parameter)
function(a:) a
    E201 11-12 ) cannot stand here (expected the name of a type)
function(a: nmber) a
    E403 12-17 there is no type nmber (did you mean number?)
order.total instance of
    E208 22-23 the expression ends too early (expected the name of a type)
order.total instance number
    E201 12-20 instance cannot follow here: no name in scope reads so (write instance of)
order.total instance of nmber
    E403 24-29 there is no type nmber (did you mean number?)
order.total instance of list<nmber>
    E403 29-34 there is no type nmber (did you mean number?)
order.total instance of list<number
    E208 34-35 the expression ends too early (expected >)
order.total instance of list<>
    E201 29-30 > cannot stand here (expected the name of a type)
order.total instance of context<a>
    E201 32-33 a cannot stand here (expected > or a name and then :)
order.total instance of function<number>
    E208 39-40 the expression ends too early (expected ->)
null then null
    E201 5-9 then cannot stand here 
order total
    E201 6-11 total cannot follow here: no name in scope reads so (join them with an operator, or check the spelling of the name)
big order.total
    E201 4-9 order cannot follow here: no name in scope reads so (join them with an operator, or check the spelling of the name)
order.total customer.tier
    E201 12-20 customer cannot follow here: no name in scope reads so (join them with an operator, or check the spelling of the name)
100 order.total
    E201 4-9 order cannot follow here: no name in scope reads so (join them with an operator, or check the spelling of the name)
order.total 100
    E201 12-15 an operator is missing before 100 
order.total "x"
    E201 12-15 an operator is missing before "x" 
true false
    E201 5-10 an operator is missing before false 
@2026-01-01
    E204 0-1 the character @ has no meaning here (dates and durations stand in quotes: @"2026-03-02")
@"not a date"
    E306 0-13 "not a date" is no date, time or duration (write it like @"2026-03-02" or @"PT2H")
@"2026-13-01"
    E306 0-13 "2026-13-01" is no date, time or duration (write it like @"2026-03-02" or @"PT2H")
@"25:00:00"
    E306 0-11 "25:00:00" is no date, time or duration (write it like @"2026-03-02" or @"PT2H")
@"P1Y2D"
    E306 0-8 "P1Y2D" is no date, time or duration (write it like @"2026-03-02" or @"PT2H")
@"2026-02-30"
    E306 0-13 "2026-02-30" is no date, time or duration (write it like @"2026-03-02" or @"PT2H")
1e9999
    E206 0-6 a number here is too large (numbers go up to 34 digits and E6144)
12abc
    E201 2-5 abc cannot follow here: no name in scope reads so (join them with an operator, or check the spelling of the name)
1.2.3
    E201 4-5 3 cannot stand here (expected the name of a field)
sum(order.lines.qty))
    E205 20-21 this ) closes nothing (remove it, or open it with ()
]
    E202 0-1 a value is missing before ] 
}
    E202 0-1 a value is missing before } 
,
    E202 0-1 a value is missing before , 
:
    E202 0-1 a value is missing before : 
;
    E204 0-1 the character ; has no meaning here (an expression has no ; at its end)
order.total > 100;
    E204 17-18 the character ; has no meaning here (an expression has no ; at its end)

    E207 0-0 there is no expression here (write one, or null)
   
    E207 0-3 there is no expression here (write one, or null)
ordr.total > 100
    E401 0-4 there is no ordr here (did you mean order?)
order.totl > 100
    E402 0-10 there is no field totl (did you mean total?)
order.lines.qtty
    E402 0-16 there is no field qtty (did you mean qty?)
order.lines[1].qtty > 2
    E402 0-19 there is no field qtty (did you mean qty?)
customer.teir = "gold"
    E402 0-13 there is no field teir (did you mean tier?)
orders.total
    E401 0-6 there is no orders here (did you mean order?)
total > 100
    E401 0-5 there is no total here (did you mean order.total?)
l.qty > 1
    E401 0-1 there is no l here 
item.qty
    E401 0-4 there is no item here 
partial[1]
    E401 0-7 there is no partial here 
some l in order.lines satisfies k.qty > 1
    E401 32-33 there is no k here (did you mean l?)
some l in order.lines satisfies l.qtty > 1
    E402 32-38 there is no field qtty (did you mean qty?)
for l in order.lines return l.prise
    E402 28-35 there is no field prise (did you mean price?)
order.lines[qtty > 1]
    E401 12-16 there is no qtty here (did you mean qty?)
order.lines[hazmatt]
    E401 12-19 there is no hazmatt here (did you mean hazmat?)
order.placed.yer
    E402 0-16 a date has no yer (did you mean year?)
order.placed.hour
    E402 0-17 a date has no hour 
order.total.amount
    E402 0-18 a number has no amount 
customer.tier.length
    E402 0-20 a string has no length 
order.rush.value
    E402 0-16 a boolean has no value 
order.lines.qty.x
    E402 0-17 a number has no x 
"text".length
    E402 0-13 a string has no length 
[1..5].begin
    E402 0-12 a range has no begin 
(function(a) b)(1)
    E401 13-14 there is no b here (did you mean a?)
{a: 1, b: c}.b
    E401 10-11 there is no c here (did you mean a?)
{a: 1}.b
    E402 0-8 there is no field b (did you mean a?)
{a: b, b: 1}
    E401 4-5 there is no b here 
order.total + "x"
    E301 0-17 a number and a string cannot be added (turn the other into text with string(...))
"x" + order.total
    E301 0-17 a string and a number cannot be added (turn the other into text with string(...))
order.total - customer.tier
    E301 0-27 a string cannot be taken from a number 
order.placed + 3
    E301 0-16 a date and a number cannot be added (add a duration: duration("P3D") is three days)
order.placed - 1
    E301 0-16 a number cannot be taken from a date (add a duration: duration("P3D") is three days)
3 + order.placed
    E301 0-16 a number and a date cannot be added (add a duration: duration("P3D") is three days)
order.placed + order.placed
    E301 0-27 a date and a date cannot be added 
order.placed * 2
    E301 0-16 a date and a number cannot be multiplied (add a duration: duration("P3D") is three days)
customer.tier * 2
    E301 0-17 a string and a number cannot be multiplied 
customer.tier / 2
    E301 0-17 a string cannot be divided by a number 
order.total / 0
    E307 0-15 a division by zero is always null 
order.total ** "2"
    E301 0-18 a number cannot be raised to a string 
-customer.tier
    E301 0-14 a string has no negative 
-order.placed
    E301 0-13 a date has no negative 
order.rush + 1
    E301 0-14 a boolean and a number cannot be added 
order.lines + 1
    E301 0-15 a list and a number cannot be added 
null + 1
    E309 0-8 this is always null: + has no answer for null 
order.total * null
    E309 0-18 this is always null: * has no answer for null 
order.total = "100"
    E302 0-19 this is never true: a number is compared with a string (write the number without quotes)
customer.tier = 100
    E302 0-19 this is never true: a string is compared with a number 
order.placed = "2026-01-01"
    E302 0-27 this is never true: a date is compared with a string (write @"2026-01-01")
order.placed > "2026-01-01"
    E302 0-27 this is never true: a date is compared with a string (write @"2026-01-01")
order.rush = "true"
    E302 0-19 this is never true: a boolean is compared with a string 
order.rush > true
    E302 0-17 a boolean has no order: > is never true 
order.lines > 1
    E302 0-15 a list has no order: > is never true 
order.total < customer.tier
    E302 0-27 this is never true: a number is compared with a string 
order.total != "x"
    E302 0-18 this is never true: a number is compared with a string (write the number without quotes)
order.status = "opn"
    E303 15-20 "opn" is not an allowed value here, so this is never true (did you mean open?)
order.status = "Open"
    E303 15-21 "Open" is not an allowed value here, so this is never true (did you mean open?)
order.status != "shippd"
    E303 16-24 "shippd" is not an allowed value here, so this is always true (did you mean shipped?)
order.status in ("open", "closd")
    E303 25-32 "closd" is not an allowed value here, so this is never true (did you mean closed?)
order.status in ["open", "closd"]
    E303 25-32 "closd" is not an allowed value here, so this is never true (did you mean closed?)
order.status = 3
    E302 0-16 this is never true: a string is compared with a number 
order.total between "a" and "b"
    E302 0-31 this is never true: a number is compared with a string (write the number without quotes)
order.total between 1 and "b"
    E302 0-29 this is never true: a number is compared with a string (write the number without quotes)
order.total in ("a", "b")
    E302 16-19 this is never true: a number is compared with a string (write the number without quotes)
    E302 21-24 this is never true: a number is compared with a string (write the number without quotes)
order.total in ["a".."b"]
    E302 15-25 this is never true: a number is compared with a string (write the number without quotes)
order.total in (< "5")
    E302 16-21 this is never true: a number is compared with a string (write the number without quotes)
customer.tier in [1..5]
    E302 17-23 this is never true: a string is compared with a number 
order.total and true
    E304 0-11 and joins conditions, and this is a number (compare it with something)
true or customer.tier
    E304 8-21 or joins conditions, and this is a string (compare it with something)
order.rush and "yes"
    E304 15-20 and joins conditions, and this is a string (compare it with something)
if order.total then 1 else 2
    E304 3-14 if asks for a condition, and this is a number (compare it with something)
if "yes" then 1 else 2
    E304 3-8 if asks for a condition, and this is a string (compare it with something)
some l in order.lines satisfies l.qty
    E304 32-37 satisfies asks for a condition, and this is a number (compare it with something)
every l in order.lines satisfies "yes"
    E304 33-38 satisfies asks for a condition, and this is a string (compare it with something)
some l in order.total satisfies true
    E305 10-21 a loop goes over a list, and this is a number 
for c in customer.tier return c
    E305 9-22 a loop goes over a list, and this is a string 
for i in 1.."a" return i
    E301 4-15 a loop cannot go from a number to a string 
for i in "a".."z" return i
    E305 9-12 a loop cannot count through a string 
order.lines["a"]
    E304 12-15 a filter asks for a condition or a position, and this is a string (compare it with something)
order.lines[0]
    E308 12-13 there is no item 0, so this is always null (the first item is 1)
[1.."a"]
    E301 0-8 a range cannot go from a number to a string 
[order.placed..5]
    E301 0-17 a range cannot go from a date to a number 
substrng(customer.tier, 1)
    E404 0-8 there is no function substrng (did you mean substring?)
len(customer.tier)
    E404 0-3 there is no function len (FEEL has count(list) and string length(string))
uppercase(customer.tier)
    E404 0-9 there is no function uppercase (did you mean upper case?)
upper case()
    E311 0-12 upper case takes 1 argument, not 0 (upper case(string))
upper case("a", "b")
    E311 0-20 upper case takes 1 argument, not 2 (upper case(string))
upper case(5)
    E313 11-12 string of upper case is a string, and this is a number 
substring(customer.tier)
    E311 0-24 substring takes 2 or 3 arguments, not 1 (substring(string, start position, length))
substring(1, 2)
    E313 10-11 string of substring is a string, and this is a number 
substring("abc", "1")
    E313 17-20 start position of substring is a number, and this is a string 
contains(customer.tier, 1)
    E313 24-25 match of contains is a string, and this is a number 
string length(order.total)
    E313 14-25 string of string length is a string, and this is a number 
decimal(order.total)
    E311 0-20 decimal takes 2 arguments, not 1 (decimal(n, scale))
decimal(n: 1, scal: 2)
    E312 0-22 decimal has no parameter scal (did you mean scale?)
decimal(n: 1)
    E311 0-13 decimal cannot be called with just these arguments (decimal(n, scale))
decimal(number: 1, scale: 2)
    E312 0-28 decimal has no parameter number (decimal(n, scale))
decimal(1, 2, 3)
    E311 0-16 decimal takes 2 arguments, not 3 (decimal(n, scale))
floor("1")
    E313 6-9 n of floor is a number, and this is a string 
round half up(1)
    E311 0-16 round half up takes 2 arguments, not 1 (round half up(n, scale))
sum()
    E311 0-5 sum takes 1 argument, not 0 (sum(list) or sum(item))
count()
    E311 0-7 count takes 1 argument, not 0 (count(list))
not()
    E311 0-5 not takes 1 argument, not 0 (not(negand))
not(true, false)
    E311 0-16 not takes 1 argument, not 2 (not(negand))
date("2026-13-01")
    E306 5-17 "2026-13-01" is no date (write it like "2026-03-02")
date("tomorrow")
    E306 5-15 "tomorrow" is no date (write it like "2026-03-02")
date(2026, 1)
    E311 0-13 date takes 1 or 3 arguments, not 2 (date(from) or date(year, month, day))
time("25:00:00")
    E306 5-15 "25:00:00" is no time (write it like "10:30:00")
time("10:30")
    E306 5-12 "10:30" is no time (write it like "10:30:00")
date and time("2026-01-01 10:00")
    E306 14-32 "2026-01-01 10:00" is no date and time (write it like "2026-03-02T10:30:00")
duration("1 day")
    E306 9-16 "1 day" is no duration (write it like "PT2H", "P3D" or "P1Y6M")
duration("P1X")
    E306 9-14 "P1X" is no duration (write it like "PT2H", "P3D" or "P1Y6M")
duration(5)
    E313 9-10 from of duration is a string, and this is a number 
abs()
    E311 0-5 abs takes 1 argument, not 0 (abs(n))
number("1")(2)
    E314 0-11 a number cannot be called (only functions take arguments)
order.total(1)
    E314 0-11 a number cannot be called (only functions take arguments)
customer("gold")
    E314 0-8 a context cannot be called (only functions take arguments)
(function(a) a)(1, 2)
    E311 1-21 this function takes 1 argument, not 2 
(function(a: number) a)("x")
    E313 24-27 argument 1 of this function is a number, and this is a string 
distance(order.total)
    E311 0-21 distance takes 2 arguments, not 1 (distance(from, to))
distance("a", "b", "c")
    E311 0-23 distance takes 2 arguments, not 3 (distance(from, to))
distance("a", 5)
    E313 14-15 to of distance is a string, and this is a number 
distnce("a", "b")
    E404 0-7 there is no function distnce (did you mean distance?)
string join([1, 2], 3, 4)
    E311 0-25 string join takes 1 or 2 arguments, not 3 (string join(list, delimiter))
sort(order.lines)
    E311 0-17 sort takes 2 arguments, not 1 (sort(list, precedes))
contains(null, "a")
    E309 9-13 contains is always null when its string is null 
upper case(null)
    E309 11-15 upper case is always null when its string is null 
matches("a")
    E311 0-12 matches takes 2 or 3 arguments, not 1 (matches(input, pattern, flags))
replace("a", "b")
    E311 0-17 replace takes 3 or 4 arguments, not 2 (replace(input, pattern, replacement, flags))
list contains(order.lines)
    E311 0-26 list contains takes 2 arguments, not 1 (list contains(list, element))
index of([1])
    E311 0-13 index of takes 2 arguments, not 1 (index of(list, match))
get value({a: 1})
    E311 0-17 get value takes 2 arguments, not 1 (get value(m, key))
{a: 1, a: 2}
    E310 10-11 the entry a comes twice, so the context is null 
