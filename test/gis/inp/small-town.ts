/** A small town in US units that uses every section a reader must understand. */
export const smallTown = `[TITLE]
A small town
with two lines

[JUNCTIONS]
;ID  Elev  Demand  Pattern
 J1  100   50      day     ;the market
 J2  90    0
 J3  80    30
 J4  70    20
 J5  70    5
[RESERVOIRS]
 R1  150   head
[TANKS]
 T1  180  10  2  20  40  0
 T2  170  5   0  10  1   0   vol YES
[PIPES]
 P1  J1 J2  1000 12 130 0 Open
 P2  J2 J3  500  8  120 0.5 CV
 P3  J3 J4  800  8  110 0 Closed
 P4  J2 T1  200  10 130
 P5  J4 J5  300  6  100 0 ;a lane
 P6  J5 T2  300  6  100 0
[PUMPS]
 U1  R1 J1  HEAD lift  SPEED 1.1 PATTERN night
 U2  R1 J1  POWER 20
[VALVES]
 V1  J2 J4  8  PRV  40  0.2
 V2  J3 J5  8  GPV  loss 0
 V3  J1 J5  6  PCV  50 2 open
[DEMANDS]
 J2  12.5  day  ;homes
 J2  3     night;shops
[EMITTERS]
 J3  0.7
[STATUS]
 U2  Closed
 V1  35
[PATTERNS]
 day   0.5 1 1.5
 day   1.2
 night 1 0.8
 head  1
[CURVES]
;PUMP: the lift
 lift  0   120
 lift  200 100
 lift  400 40
;EFFICIENCY:
 eff   100 60
 eff   300 80
 loss  0   0
 loss  100 4
 vol   0   0
 vol   12  900
 open  0   0
 open  100 100
[CONTROLS]
LINK U1 CLOSED IF NODE T1 ABOVE 19
LINK U1 1.1 AT CLOCKTIME 6 AM
[RULES]
RULE 1
IF TANK T1 LEVEL < 4
AND SYSTEM CLOCKTIME >= 10 PM
THEN PUMP U2 STATUS = OPEN
ELSE PUMP U2 STATUS = CLOSED
PRIORITY 2

[ENERGY]
 Global Efficiency 70
 Global Price 0.1
 Demand Charge 2
 Pump U1 Efficiency eff
 Pump U1 Price 0.2
 Pump U1 Pattern night
[TAGS]
 NODE J1 centre
[QUALITY]
 J1 0.5
[TIMES]
 Duration 24:00
 Hydraulic Timestep 0:30
 Pattern Timestep 2:00
 Quality Timestep 0:05
 Start ClockTime 6 AM
 Statistic None
[OPTIONS]
 Units GPM
 Headloss H-W
 Quality Chlorine mg/L
 Accuracy 0.0001
 Unbalanced Continue 10
 Pattern day
 Emitter Exponent 0.5
[COORDINATES]
 J1 1.5 2.5
 GONE 0 0
[VERTICES]
 P1 1 1
 P1 2 2
[END]
`;
